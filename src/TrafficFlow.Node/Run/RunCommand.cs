using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;
using TrafficFlow.Node.Custody;
using TrafficFlow.Node.Run.Preflight;
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
        var check = new Option<bool>("--check") { Description = "Start nothing: try all that a node with these settings will need, from cameras to clock, and say what was found. Exit code 1 where something is missing." };
        var json = new Option<bool>("--json") { Description = "With --check: what was found as one JSON object." };
        var command = new Verb(
            "run",
            "Runs a node until SIGTERM or Ctrl-C; what was counted is stored before it ends.",
            "trafficflow run --config hocon/single.conf",
            "trafficflow run --config /etc/trafficflow/roadside.conf --check")
        {
            config, verbose, quiet, check, json,
        };
        command.SetAction(async (p, cancellation) =>
        {
            var node = NodeDefinition.From(NodeSettings.Load(p.GetRequiredValue(config)), TimeProvider.System);
            if (p.GetValue(json) && !p.GetValue(check)) throw new UsageException("--json is of --check: a running node writes JSON lines with trafficflow.log.format = json");
            if (p.GetValue(check)) return await CheckAsync(p.GetRequiredValue(config), node, p.GetValue(json), cancellation);
            if (p.GetValue(verbose) && p.GetValue(quiet)) throw new UsageException("--verbose and --quiet contradict each other: give one of them");
            var log = p.GetValue(verbose) ? node.Log.Verbose() : p.GetValue(quiet) ? node.Log.Quiet() : node.Log;
            await RequirementWatch.RefuseAsync(node.CustodyLook, [.. node.Sites.Select(s => s.Site)], cancellation);
            using var host = NodeHost.Build(node with { Log = log });
            // Asked for now: it is no more once the host has run.
            var systems = host.Services.GetRequiredService<NodeSystems>();
            await host.RunAsync(cancellation);
            return systems.Failure is { } failure ? throw failure : ExitCodes.Done;
        });
        return command;
    }

    private static async Task<int> CheckAsync(string config, NodeDefinition node, bool asJson, CancellationToken cancellation)
    {
        var findings = await new NodePreflight(node, TimeProvider.System).RunAsync(cancellation);
        if (asJson)
        {
            Console.WriteLine(PreflightReport.Json(config, findings));
        }
        else
        {
            // A pipe has no width: lines stay whole for grep.
            if (Console.IsOutputRedirected) foreach (var line in PreflightReport.Lines(findings)) Console.WriteLine(line);
            else AnsiConsole.Write(PreflightReport.Table(findings));
            Console.WriteLine(PreflightReport.Summary(config, findings));
        }

        return PreflightReport.IsGood(findings) ? ExitCodes.Done : ExitCodes.Failed;
    }
}
