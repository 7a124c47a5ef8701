const me = {
  title: "Me",
};

export default me;
