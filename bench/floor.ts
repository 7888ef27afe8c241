import * as aws from "@pulumi/aws";

/**
 * The floor's program: what the engine and the stand-ins cost without a design on top. Plain resources without
 * components and without references among them, spread over explicit providers.
 *
 * @param registrations how many resources it registers, its providers among them
 * @param providers how many instances of a provider the engine configures
 */
export function floor(registrations: number, providers: number): void {
  const instances = Array.from(
    { length: providers },
    (_, i) => new aws.Provider(`provider-${i}`, { region: "us-east-1" }),
  );
  for (let i = 0; i < registrations - providers; i++) {
    const provider = instances[i % providers];
    if (provider) new aws.ec2.Eip(`address-${i}`, { domain: "vpc" }, { provider });
  }
}
