import { z } from "zod";
import { serviceNames } from "../components/kubernetes/selection.js";
import type { ServiceName } from "../components/kubernetes/workload.js";
import { list, map, oneOf, privateCidr, projectId, subscriptionId, text } from "./fields.js";
import { clouds } from "./clouds.js";
import { routeOverrides } from "./routeSchema.js";
import { sizeNames } from "./sizes.js";

export const services = () => list(oneOf(serviceNames as [ServiceName, ...ServiceName[]]), "services");
export const size = () => oneOf(sizeNames);

const cellName =
  "write lower-case letters, digits and single hyphens, starting with a letter, at most 24 characters";

const existingNetwork = map({
  id: text(/^\S+$/, "write the id of the network").meta({
    description: "The VPC's id, the virtual network's resource id, or the network's id or name.",
  }),
  subnets: z
    .record(z.string(), list(text(/^\S+$/, "write the id of a subnet"), "subnet ids"), {
      error: "write a map from tier to subnet ids",
    })
    .meta({
      description:
        "Subnet ids by tier. AWS: `alb`, `node`, `data`, one for each zone. Azure: `gateway`, `node`, `data`, `endpoint`. GCP: `node`, `endpoint`.",
    }),
  podRange: text(/^\S+$/, "write the name of a secondary range").optional().meta({
    description: "GCP: name of the node subnet's secondary range for pods.",
  }),
  serviceRange: text(/^\S+$/, "write the name of a secondary range").optional().meta({
    description: "GCP: name of the node subnet's secondary range for services.",
  }),
}).meta({
  description:
    "An existing network to use instead of a new one. `cidr` is then its range. What the program does not create in it: docs/networks.md.",
});

export const cellSchema = map(
  {
    name: text(/^(?=.{1,24}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/, cellName)
      .optional()
      .meta({ description: "Name of the cell; its origin is `<name>.<domain>`. Default: the region." }),
    cloud: oneOf(clouds).meta({ description: "Cloud that the cell runs on." }),
    region: text(/^[a-z0-9-]+$/, "write a region of the cloud, such as us-east-1").meta({
      description: "Region, in the cloud's spelling.",
    }),
    cidr: privateCidr(16, 20).meta({
      description: "Private range of the cell's network, /16 to /20; no other cell's may overlap it.",
    }),
    zones: list(text(/^[a-z0-9-]+$/, "write an availability zone such as us-east-1a"), "availability zones")
      .min(2, { error: "write two or three availability zones" })
      .max(3, { error: "write two or three availability zones" })
      .optional()
      .meta({
        description:
          "Availability zones, 2 or 3. Default: the first ones of the region, as many as the size says. Of a cell that exists, add at the end only: EKS keeps its first two.",
      }),
    size: size().optional().meta({ description: "Size of this cell. Default: `javelin:size`." }),
    services: services()
      .optional()
      .meta({ description: "Services of this cell. Default: `gateway.services`." }),
    routes: routeOverrides.optional().meta({
      description:
        "What differs in this cell: entries that replace those of the same name in `javelin:routes`.",
    }),
    project: projectId()
      .optional()
      .meta({ description: "Google Cloud project of the cell; required on gcp, unknown elsewhere." }),
    subscription: subscriptionId()
      .optional()
      .meta({ description: "Azure subscription of the cell. Default: the one of the credentials." }),
    network: existingNetwork.optional(),
  },
  "write a map with at least cloud, region and cidr",
);

export type Cell = z.output<typeof cellSchema>;
