import type en from "../en/catalog";

const catalog: typeof en = {
  title: "catalog",
};

export default catalog;
