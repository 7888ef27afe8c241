import { readFileSync } from "node:fs";
import { deploymentOf } from "../../../automation/drill/deployment.js";
import { modes, drill, expectedSeconds } from "../../../automation/drill/drill.js";
import { measure } from "../../../automation/drill/measure.js";
import { ScaledClock } from "../../../automation/drill/clock.js";
import { loopbackWorld } from "../../../automation/drill/loopback.js";
const resources = JSON.parse(readFileSync("/tmp/drill/aws3.json","utf8"));
const cells=["us-east-1","us-west-2","us-east-2"].map(name=>({name,origin:`${name}.gw.example.com`}));
const d=deploymentOf({cells,hosts:["api.gw.example.com","app.gw.example.com"],budgetSeconds:90,resources});
for(const m of modes.slice(0,Number(process.argv[2]??1))){const t=Date.now(); let w:any;
const scale=Math.round(expectedSeconds(d,m)/15);
const cpu=process.cpuUsage();
const seen=await drill(d,async(now)=>(w=await loopbackWorld(d,now,new ScaledClock(scale))),{cell:"us-east-1",mode:m}); await w.close();
const c=process.cpuUsage(cpu);
console.log(m,scale,JSON.stringify(measure(seen,d)),seen.endAt,Date.now()-t,"ms cpu",(c.user+c.system)/1000);}
