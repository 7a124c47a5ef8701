import type en from "../en/provide";

const provide: typeof en = {
  title: "provide",
};

export default provide;
