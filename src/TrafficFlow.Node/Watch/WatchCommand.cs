using System.CommandLine;
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
        var node = new Option<string?>("--node")
        {
            Description = "A node of this machine, without TLS. [default: 127.0.0.1:4053]",
            HelpName = "HOST:PORT",
        };
        var config = new Option<string?>("--config")
        {
            Description = "Instead of --node: a node file with roles = [subscriber], whose seed nodes and certificates are used (hocon/subscriber.conf).",
            HelpName = "FILE",
        };
        var from = new Option<long?>("--from")
        {
            Description = "Go on after the bin with this cursor, which stands in each line of a flow topic: nothing is missed, nothing comes twice. 0 is the first bin ever. Without it: from the last closed bins.",
            HelpName = "CURSOR",
        };
        var messages = new Option<int?>("--messages") { Description = "End after so many messages; without it, at Ctrl-C.", HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "One JSON object a line, for programs." };
        var command = new Verb(
            "watch",
            "Subscribes to topics of a running cluster and prints what is published; begins with what is known now.",
            "trafficflow watch flow.demo.north.live",
            "trafficflow watch flow.demo.north flow.demo.south health.demo.north-camera",
            "trafficflow watch flow.demo.north --json --from 1200",
            "trafficflow watch flow.kokandori.south --config /etc/trafficflow/subscriber.conf --json")
        {
            topic, node, config, from, messages, json,
        };
        command.SetAction((p, cancellation) =>
        {
            if (p.GetValue(messages) is < 1) throw new UsageException("--messages is 1 or more");
            var names = p.GetRequiredValue(topic).Distinct().ToList();
            if (names.FirstOrDefault(n => !TopicNames.IsTopic(n)) is { } wrong) throw new UsageException($"\"{wrong}\" is no topic: write {TopicNames.Forms}");
            if (names.Count > SubscriptionActor.MostTopics) throw new UsageException($"{names.Count} topics are too many: {SubscriptionActor.MostTopics} at most");
            if (p.GetValue(from) is { } cursor && (cursor < 0 || names.Count > 1 || TopicNames.ParseFlow(names[0]) is null || names[0].EndsWith(".live", StringComparison.Ordinal)))
                throw new UsageException("--from is 0 or more, and only flow.SITE.APPROACH has cursors: write it with that one topic");
            if (p.GetValue(config) is not null && p.GetValue(node) is not null) throw new UsageException("say either --node or --config");
            var membership = p.GetValue(config) is { } file ? WatchMembership.From(file) : WatchMembership.Beside(p.GetValue(node) ?? "127.0.0.1:4053");
            return new WatchJob(names, membership, p.GetValue(from), p.GetValue(messages), p.GetValue(json)).RunAsync(cancellation);
        });
        return command;
    }
}
