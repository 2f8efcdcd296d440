using TrafficFlow.Analysis.Signals;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Tests.Analysis.Signals;

/// <summary>Discharge as textbooks have it: Poisson arrivals that wait, the first passes 2 s after green begins, one more every 2 s, and amber is used for 2 s.</summary>
internal sealed class QueuedDischarge(int seed)
{
    public static readonly DateTimeOffset Start = new(2026, 6, 1, 7, 0, 0, TimeSpan.FromHours(9));

    private readonly Random _random = new(seed);
    private readonly List<DischargeStream> _streams = [];

    /// <param name="greens">Begin and end of each green, seconds.</param>
    public QueuedDischarge Add(string approach, string exit, double perHour, IEnumerable<(double From, double To)> greens, double noise = 0.3)
    {
        var crossings = new List<double>();
        var arrival = -3600 / perHour * Math.Log(1 - _random.NextDouble());
        foreach (var (from, to) in greens)
        {
            var next = from + 2;
            while (Math.Max(arrival, next) is var at && at <= to + 2)
            {
                crossings.Add(at + (noise * Normal()));
                next = at + 2;
                arrival -= 3600 / perHour * Math.Log(1 - _random.NextDouble());
            }
        }

        _streams.Add(new DischargeStream(new ApproachId(approach), Movement.To(new ApproachId(exit)), [.. crossings.Order().Select(c => Start.AddSeconds(c))]));
        return this;
    }

    public Discharge Watched(params (double From, double To)[] seconds) =>
        new([.. _streams], IntervalSet.Of(seconds.Select(s => new Interval(Start.AddSeconds(s.From), Start.AddSeconds(s.To)))));

    public static IEnumerable<(double From, double To)> Every(double cycle, double begin, double green, double from, double to)
    {
        for (var at = begin + (Math.Ceiling((from - begin) / cycle) * cycle); at < to; at += cycle) yield return (at, at + green);
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
