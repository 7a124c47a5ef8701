const home = {
  title: "Home",
};

export default home;
