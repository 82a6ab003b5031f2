import common from "./common";
import desk from "./desk";
import knowledge from "./knowledge";
import staff from "./staff";
import together from "./together";

export default { ...common, ...desk, ...knowledge, ...staff, ...together };
