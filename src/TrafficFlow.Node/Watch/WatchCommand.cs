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
            Description = "flow.SITE.APPROACH (closed and revised bins), flow.SITE.APPROACH.live (open bins, once a second at most), journeys.SITE (each vehicle's way over a junction), or health.SITE.CAMERA; several at a time.",
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
            "trafficflow watch flow.kokandori.south --config /etc/trafficflow/subscriber.conf --json")
        {
            topic, config, data, node, from, messages, json,
        };
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
                    "--node is no more, since no node listens in plain text: name a node of this machine with --config FILE or --data DIR; from another machine, join with --config and a file of roles = [subscriber], as hocon/subscriber.conf");
            }

            return RunAsync(p.GetValue(config), p.GetValue(data), new WatchOutput(names, place, p.GetValue(messages), p.GetValue(json)), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(string? config, string? data, WatchOutput output, CancellationToken interrupted)
    {
        try
        {
            if (config is not null && data is null && NodeSettings.OnlySubscribes(config)) await new WatchMember(WatchMembership.From(config), output).RunAsync(interrupted);
            else await new WatchNode(NodePlace.Find(config, data), output).RunAsync(interrupted);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            // Ctrl-C is how watching ends.
        }

        return ExitCodes.Done;
    }
}
