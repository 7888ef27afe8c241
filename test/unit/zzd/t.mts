import { readFileSync } from "node:fs";
import { deploymentOf } from "../../../automation/drill/deployment.js";
import { modes } from "../../../automation/drill/drill.js";
import { fastDrill } from "../../support/drillWorld.js";
const resources = JSON.parse(readFileSync("/tmp/drill/aws3.json","utf8"));
for (const n of [3]) {
const cells=["us-east-1","us-west-2","us-east-2"].map(name=>({name,origin:`${name}.gw.example.com`}));
const d=deploymentOf({cells,hosts:["api.gw.example.com","app.gw.example.com"],budgetSeconds:90,resources});
console.log(d.title,d.shared,d.ttl,d.watching("us-east-1").length);
for(const m of modes){const t=Date.now(); const {seen,...r}=await fastDrill(d,m); console.log(m,JSON.stringify(r),seen.endAt,Date.now()-t,"ms");}
}
