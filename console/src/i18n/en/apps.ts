const apps = {
  title: "Apps",
};

export default apps;
