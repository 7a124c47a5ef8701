const notices = {
  title: "Notices",
};

export default notices;
