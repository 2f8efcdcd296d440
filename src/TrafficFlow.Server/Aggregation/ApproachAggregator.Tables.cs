using System.Diagnostics;
using Akka.Actor;
using TrafficFlow.Server.Tables;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Server.Aggregation;

/// <summary>
/// Closed bins on their way into the read tables, one portion at a time. A bin is published when it is in them, so that a subscriber who
/// missed it finds it there. After a crash what was not confirmed is written and published again: the tables know it, and so do subscribers.
/// </summary>
public sealed partial class ApproachAggregator
{
    private sealed record WriteTick
    {
        public static readonly WriteTick Instance = new();
    }

    private const int MostBins = 500;

    private bool _isWriting;
    private long _writingSince;

    private void WriteNext()
    {
        if (_isWriting || _state.Unwritten.IsEmpty) return;
        _isWriting = true;
        _writingSince = Stopwatch.GetTimestamp();
        _tables.Tell(new WriteBins(_setup.Site, _setup.Approach, [.. _state.Unwritten.Values.Take(MostBins)]));
        Timers.StartSingleTimer(WriteTick.Instance, WriteTick.Instance, _settings.WriteRetry);
    }

    private void WriteAgain()
    {
        _isWriting = false;
        WriteNext();
    }

    private void Handle(BinsWritten written)
    {
        var topic = TopicNames.Flow(_setup.Site, _setup.Approach);
        _traced.Written(_setup, _state.Unwritten.Values.TakeWhile(b => b.Cursor <= written.UpTo), _writingSince);
        foreach (var closed in _state.Unwritten.Values.TakeWhile(b => b.Cursor <= written.UpTo))
        {
            _topics.Publish(topic, new FlowBinClosed(closed.Bin, closed.Cursor));
            AggregationTelemetry.Published(_setup, closed.Bin);
        }

        _state = _state.Written(written.UpTo);
        Timers.Cancel(WriteTick.Instance);
        WriteAgain();
    }
}
