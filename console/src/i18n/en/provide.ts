const provide = {
  title: "Provide",
};

export default provide;
