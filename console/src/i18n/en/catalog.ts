const catalog = {
  title: "Catalog",
};

export default catalog;
