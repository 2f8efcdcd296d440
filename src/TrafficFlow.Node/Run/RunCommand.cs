using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TrafficFlow.Node.Settings;

namespace TrafficFlow.Node.Run;

/// <summary>`trafficflow run`: a node as a service, until it is told to stop.</summary>
public static class RunCommand
{
    public static Command Create()
    {
        var config = new Option<string>("--config")
        {
            Description = "The node's settings: roles, sites, data directory (hocon/single.conf is the embedded default).",
            HelpName = "FILE",
            Required = true,
        };
        var verbose = new Option<bool>("--verbose") { Description = "Log what is of use when something is looked for, too." };
        var quiet = new Option<bool>("--quiet") { Description = "Log warnings and errors alone." };
        var check = new Option<bool>("--check") { Description = "Only read the settings and say whether they can be used." };
        var command = new Verb(
            "run",
            "Runs a node until SIGTERM or Ctrl-C; what was counted is stored before it ends.",
            "trafficflow run --config hocon/single.conf",
            "trafficflow run --config /etc/trafficflow/roadside.conf --check")
        {
            config, verbose, quiet, check,
        };
        command.SetAction(async (p, cancellation) =>
        {
            var node = NodeDefinition.From(NodeSettings.Load(p.GetRequiredValue(config)), TimeProvider.System);
            if (p.GetValue(check))
            {
                Console.WriteLine($"{p.GetRequiredValue(config)} can be used: {(node.Sites.Count == 1 ? "site" : "sites")} {string.Join(", ", node.Sites.Select(s => s.Site.Id))}, {node.Cameras.Count} cameras, roles {string.Join(", ", node.Membership.Roles)}");
                return ExitCodes.Done;
            }

            if (p.GetValue(verbose) && p.GetValue(quiet)) throw new UsageException("--verbose and --quiet contradict each other: give one of them");
            var log = p.GetValue(verbose) ? node.Log.Verbose() : p.GetValue(quiet) ? node.Log.Quiet() : node.Log;
            using var host = NodeHost.Build(node with { Log = log });
            // Asked for now: it is no more once the host has run.
            var systems = host.Services.GetRequiredService<NodeSystems>();
            await host.RunAsync(cancellation);
            return systems.Failure is { } failure ? throw failure : ExitCodes.Done;
        });
        return command;
    }
}
