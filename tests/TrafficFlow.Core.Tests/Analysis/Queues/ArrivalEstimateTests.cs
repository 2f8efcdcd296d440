using TrafficFlow.Analysis.Queues;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Queues;

public sealed class ArrivalEstimateTests
{
    private const double Cycle = 80;
    private const double Green = 40;
    private const double Headway = 2;

    /// <summary>Of all that it gives a probability, so many are so, though nothing but departures is known.</summary>
    [Fact]
    public void Probabilities_of_arrivals_hold_where_departures_alone_are_known()
    {
        var random = new Random(22_951);
        var (said, were, count) = (new double[5], new double[5], new int[5]);
        for (var run = 0; run < 20; run++)
        {
            var perSecond = 0.08 + (0.08 * random.NextDouble());
            var (arrivals, departures) = Lane(random, perSecond, 150);
            var estimate = ArrivalEstimate.Of(departures, [.. departures.Select(_ => perSecond)], (_, _) => 1, (k, arrival) => Leaves(arrival, k == 0 ? double.NegativeInfinity : departures[k - 1]), 0.5);
            for (var k = 5; k < departures.Count - 5; k++)
            {
                var delay = 2 + (random.NextDouble() * 30);
                var probability = estimate.Before(k, departures[k] - delay);
                Assert.InRange(probability, 0, 1.000001);
                var bin = Math.Min(4, (int)(probability * 5));
                (said[bin], were[bin], count[bin]) = (said[bin] + probability, were[bin] + (departures[k] - arrivals[k] > delay ? 1 : 0), count[bin] + 1);
            }
        }

        for (var bin = 0; bin < 5; bin++)
        {
            Assert.True(count[bin] > 50);
            Assert.InRange(were[bin] / count[bin], (said[bin] / count[bin]) - 0.12, (said[bin] / count[bin]) + 0.12);
        }
    }

    [Fact]
    public void What_was_seen_of_one_tells_of_those_behind_it_and_before_it()
    {
        // Ten leave one after the other; nobody knows how long they waited.
        var departures = Enumerable.Range(0, 10).Select(k => 52.5 + (Headway * k)).ToList();
        var rates = departures.Select(_ => 0.1).ToList();
        ArrivalEstimate With(Func<int, double, double> told) => ArrivalEstimate.Of(departures, rates, told, (k, arrival) => Leaves(arrival, k == 0 ? double.NegativeInfinity : departures[k - 1]), 0.5);

        // The sixth came at 55, and was seen to.
        var seen = With((k, arrival) => k == 5 ? Math.Exp(-Math.Pow(arrival - 55, 2) / 2) : 1);

        Assert.InRange(seen.Before(5, 57), 0.9, 1);
        Assert.InRange(seen.Before(4, 55.5), 0.9, 1);
        Assert.InRange(seen.Before(6, 53), 0, 0.05);
        Assert.True(With((_, _) => 1).Before(6, 53) > seen.Before(6, 53) + 0.2);
    }

    [Fact]
    public void What_fits_nothing_stops_nothing()
    {
        // Departures that no signal explains, two at once, and one that was seen to come after it left.
        var departures = new List<double> { 10, 10, 10.2, 3000, 3000.1, 9000 };
        var estimate = ArrivalEstimate.Of(departures, [.. departures.Select(_ => 5.0)], (k, arrival) => k == 3 ? (arrival > 3001 ? 1 : 0) : 1, (_, _) => 5000, 0.5);

        for (var k = 0; k < departures.Count; k++) Assert.InRange(estimate.Before(k, departures[k] + 5), 0.99, 1.01);
    }

    private static double Leaves(double arrival, double before)
    {
        var leaves = Math.Max(arrival, before + Headway);
        var into = leaves % Cycle;
        return into < Cycle - Green ? leaves - into + (Cycle - Green) : leaves;
    }

    private static (List<double> Arrivals, List<double> Departures) Lane(Random random, double perSecond, int vehicles)
    {
        var (arrivals, departures) = (new List<double>(), new List<double>());
        var (arrival, beyond) = (0.0, perSecond / (1 - perSecond));
        for (var k = 0; k < vehicles; k++)
        {
            arrival += 1 - (Math.Log(1 - random.NextDouble()) / beyond);
            arrivals.Add(arrival);
            departures.Add(Leaves(arrival, k == 0 ? double.NegativeInfinity : departures[^1]));
        }

        return (arrivals, [.. departures.Select(d => d + (0.4 * (random.NextDouble() - 0.5)))]);
    }
}
