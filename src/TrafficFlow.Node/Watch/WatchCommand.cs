using System.CommandLine;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Node.Watch;

/// <summary>`trafficflow watch TOPIC`: what an analyst sees of the cluster.</summary>
public static class WatchCommand
{
    public static Command Create()
    {
        var topic = new Argument<string>("TOPIC")
        {
            Description = "flow.SITE.APPROACH (closed and revised bins), flow.SITE.APPROACH.live (open bins, once a second at most), journeys.SITE (each vehicle's way over a junction), or health.SITE.CAMERA.",
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
            "Subscribes to a topic of a running cluster and prints what is published; begins with what is known now.",
            "trafficflow watch flow.demo.north.live",
            "trafficflow watch flow.demo.north --json --from 1200",
            "trafficflow watch flow.kokandori.south --config /etc/trafficflow/subscriber.conf --json")
        {
            topic, node, config, from, messages, json,
        };
        command.SetAction((p, cancellation) =>
        {
            if (p.GetValue(messages) is < 1) throw new UsageException("--messages is 1 or more");
            var name = p.GetRequiredValue(topic);
            if (TopicNames.ParseFlow(name) is null && name.Split('.') is not (["health", { Length: > 0 }, { Length: > 0 }] or ["journeys", { Length: > 0 }]))
                throw new UsageException($"\"{name}\" is no topic: write flow.SITE.APPROACH, flow.SITE.APPROACH.live, journeys.SITE or health.SITE.CAMERA");
            if (p.GetValue(from) is { } cursor && (cursor < 0 || TopicNames.ParseFlow(name) is null || name.EndsWith(".live", StringComparison.Ordinal)))
                throw new UsageException("--from is 0 or more, and only flow.SITE.APPROACH has cursors");
            if (p.GetValue(config) is not null && p.GetValue(node) is not null) throw new UsageException("say either --node or --config");
            var membership = p.GetValue(config) is { } file ? WatchMembership.From(file) : WatchMembership.Beside(p.GetValue(node) ?? "127.0.0.1:4053");
            return new WatchJob(name, membership, p.GetValue(from), p.GetValue(messages), p.GetValue(json)).RunAsync(cancellation);
        });
        return command;
    }
}
