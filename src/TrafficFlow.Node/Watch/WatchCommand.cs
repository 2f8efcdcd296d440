using System.CommandLine;
using TrafficFlow.Node.ControlClient;
using TrafficFlow.Node.Settings;
using TrafficFlow.Server.Topics;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Node.Watch;

/// <summary>`trafficflow watch TOPIC`: what an analyst sees of the cluster.</summary>
public static class WatchCommand
{
    public static Command Create()
    {
        var topic = new Argument<string[]>("TOPIC")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "flow.SITE.APPROACH (closed and revised bins), flow.SITE.APPROACH.live (open bins, once a second at most), journeys.SITE (each vehicle's way over a junction), incidents.SITE (stopped vehicles, blocked lanes, wrong-way drivers, sudden drops of flow, as hints), or health.SITE.CAMERA; several at a time.",
        };
        var config = new Option<string?>("--config")
        {
            Description = "Settings of the node of this machine that is asked, through the socket in its data directory. A file with roles = [subscriber] joins the cluster instead, from any machine, with the seed nodes and certificates that it names (hocon/subscriber.conf).",
            HelpName = "FILE",
        };
        var data = new Option<string?>("--data") { Description = "Or the data directory of that node itself. [default: /var/lib/trafficflow, where a node runs there]", HelpName = "DIR" };
        var node = new Option<string?>("--node") { Hidden = true };
        var from = new Option<string?>("--from")
        {
            Description = "Go on after the bin or journey with this cursor, which stands in each of their lines (of journeys with --json): nothing is missed, nothing comes twice. 0 is the first one ever. Of journeys also a time, 2026-04-01T06:00+09:00: those that ended since, in that order, then what comes. Without it: from the last closed bins, or the next journey.",
            HelpName = "PLACE",
        };
        var server = new Option<string?>("--server")
        {
            Description = "Or a server elsewhere that lets subscribers in with a token (its trafficflow.subscriptions): one TLS connection from here, nothing is dialled back. A proxy is taken from HTTPS_PROXY.",
            HelpName = "https://HOST:PORT",
        };
        var tokenFile = new Option<string?>("--token-file") { Description = $"With --server: the file with the token, which nobody else may read. [default: the variable {ServerAddress.TokenVariable}]", HelpName = "FILE" };
        var ca = new Option<string?>("--ca") { Description = "With --server: the certificate of the CA that made the server's; a cluster's own is its ca.crt. [default: those that this machine trusts]", HelpName = "FILE" };
        var pin = new Option<string?>("--pin") { Description = "With --server: the only certificate that is taken, by its SHA-256; without --ca whoever signed it.", HelpName = "SHA256" };
        var lines = new Option<bool>("--lines") { Description = "A line for each message on a terminal too, where open bins and cameras are shown in place." };
        var messages = new Option<int?>("--messages") { Description = "End after so many messages; without it, at Ctrl-C.", HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "One JSON object a line, for programs." };
        topic.CompletionSources.Add(LiveNames.Source(config, data, (c, place) => LiveNames.TopicsAsync(place, c.WordToComplete)));
        var command = new Verb(
            "watch",
            "Subscribes to topics of a running cluster and prints what is published; begins with what is known now.",
            "trafficflow watch flow.kokandori.north.live --config hocon/single.conf",
            "trafficflow watch flow.demo.north flow.demo.south health.demo.cam-north --data data",
            "trafficflow watch flow.kokandori.north --json --from 1200",
            "trafficflow watch journeys.kokandori --from 2026-04-01T06:00+09:00",
            "trafficflow watch incidents.kokandori --config hocon/single.conf",
            "trafficflow watch flow.kokandori.south --server https://server.example:8443 --token-file anna.token --ca ca.crt --json",
            "trafficflow watch flow.kokandori.south --config /etc/trafficflow/subscriber.conf --json")
        {
            topic, config, data, server, tokenFile, ca, pin, node, from, messages, lines, json,
        };
        command.Details =
        [
            "On a terminal, flow.SITE.APPROACH.live and health.SITE.CAMERA are updated in place; everything else, and a pipe, gets a line for each message.",
            "Times are of the site's clock, with its offset. partial: not watched all the time, counts are a lower bound; blind: nobody watched, counts are",
            "missing and not zero; degraded: a camera lost frames, was moved, covered or could not see.",
        ];
        command.SetAction((p, cancellation) =>
        {
            if (p.GetValue(messages) is < 1) throw new UsageException("--messages is 1 or more");
            var names = p.GetRequiredValue(topic).Distinct().ToList();
            if (names.FirstOrDefault(n => !TopicNames.IsTopic(n)) is { } wrong) throw new UsageException($"\"{wrong}\" is no topic: write {TopicNames.Forms}");
            if (names.Count > SubscriptionActor.MostTopics) throw new UsageException($"{names.Count} topics are too many: {SubscriptionActor.MostTopics} at most");
            var place = p.GetValue(from) is { } text ? WatchPlace.Parse(text, names) : null;
            if (p.GetValue(node) is not null)
            {
                throw new UsageException(
                    "--node is no more, since no node listens in plain text: name a node of this machine with --config FILE or --data DIR; from another machine, read with --server https://HOST:PORT and a token");
            }

            var elsewhere = p.GetValue(server) is { } address ? Elsewhere(address, p.GetValue(config) ?? p.GetValue(data), p.GetValue(tokenFile), p.GetValue(ca), p.GetValue(pin)) : null;
            if (elsewhere is null && (p.GetValue(tokenFile) ?? p.GetValue(ca) ?? p.GetValue(pin)) is not null) throw new UsageException("--token-file, --ca and --pin belong to --server https://HOST:PORT");
            var asLines = p.GetValue(json) || p.GetValue(lines) || p.GetValue(messages) is not null;
            return RunAsync(p.GetValue(config), p.GetValue(data), elsewhere, screen => new WatchOutput(names, place, p.GetValue(messages), p.GetValue(json), screen), !asLines && WatchScreen.IsFor(names) ? names : null, cancellation);
        });
        return command;
    }

    private static ServerAddress Elsewhere(string server, string? here, string? tokenFile, string? ca, string? pin) => here is null
        ? ServerAddress.Of(server, tokenFile, ca, pin)
        : throw new UsageException("--server names a server elsewhere, --config and --data a node of this machine: give one of them");

    /// <param name="shown">What is shown in place; null for lines.</param>
    private static async Task<int> RunAsync(
        string? config, string? data, ServerAddress? server, Func<WatchScreen?, WatchOutput> show, IReadOnlyList<string>? shown, CancellationToken interrupted)
    {
        // Found before a screen is opened: what is wrong with it is told on the one that there is.
        var node = server is not null || (config is not null && data is null && NodeSettings.OnlySubscribes(config)) ? null : NodePlace.Find(config, data);
        var membership = server is null && node is null ? WatchMembership.From(config!) : null;
        // A member of the cluster logs to the terminal.
        using var screen = shown is null || membership is not null ? null : new WatchScreen(shown);
        var output = show(screen);
        try
        {
            if (server is not null) await new WatchServer(server, output, TimeProvider.System).RunAsync(interrupted);
            else if (membership is not null) await new WatchMember(membership, output).RunAsync(interrupted);
            else await new WatchNode(node!, output).RunAsync(interrupted);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            // Ctrl-C is how watching ends.
        }

        return ExitCodes.Done;
    }
}
