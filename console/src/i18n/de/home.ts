import type en from "../en/home";

const home: typeof en = {
  title: "home",
};

export default home;
