import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { RouteSync } from "../../../components/kubernetes/routeSync.js";
