using System.Collections.Immutable;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Release;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Tests.Release.Attack;

/// <summary>How much comes: mean vehicles in the busiest hour, to each exit.</summary>
internal sealed record TrafficLevel(string Name, params double[] PeakHour)
{
    public static readonly TrafficLevel Busy = new("busy", 600, 130, 70);
    public static readonly TrafficLevel Mixed = new("mixed", 220, 35, 6);
    public static readonly TrafficLevel Quiet = new("quiet", 25, 8, 1.5);

    public static readonly IReadOnlyList<TrafficLevel> All = [Busy, Mixed, Quiet];
}

/// <summary>
/// One month of one approach, vehicle by vehicle: by the minute, the movement and the class, with hours that nobody watched, hours that
/// closed late, and vehicles that came after their bins had closed. Classes cluster, as platoons and deliveries do.
/// </summary>
internal sealed class RandomMonth
{
    public const int Year = 2026;
    public const int Month = 11;
    public const int Days = 30;
    public const int Categories = 6;

    /// <summary>As <see cref="VehicleClassNames.All"/>: unclassified, car, light, heavy goods, bus, motorcycle.</summary>
    private static readonly double[] s_shares = [0.008, 0.8, 0.1, 0.055, 0.012, 0.025];

    private static readonly double[] s_day = [.06, .04, .03, .03, .05, .15, .4, .9, 1, .8, .7, .7, .75, .7, .7, .75, .85, 1, .9, .6, .4, .3, .2, .1];

    private static readonly TimeSpan s_offset = TimeSpan.FromHours(9);

    private readonly Random _random;

    // [movement][minute of the month * categories + class]
    private readonly byte[][] _minutes;
    private readonly List<LateVehicle> _late = [];
    private readonly HashSet<int> _blindQuarters = [];
    private readonly TimeSpan[] _closing = new TimeSpan[Days * 24 * 4];

    private sealed record LateVehicle(int Movement, int Quarter, int Class, TimeSpan After);

    public RandomMonth(int seed, TrafficLevel level)
    {
        _random = new Random(seed);
        Movements = [.. new[] { "south", "west", "east" }.Take(level.PeakHour.Length).Select(x => Movement.To(new ApproachId(x)))];
        Approach = new ReleasedApproach(
            new SiteId("street"), new ApproachId("north"), TimeZoneInfo.CreateCustomTimeZone("+9", s_offset, "+9", "+9"), [Movement.Entering, Movement.Exiting, .. Movements]);
        Fail();
        _minutes = [.. level.PeakHour.Select(Fill)];
        for (var m = 0; m < Movements.Count; m++) ComeLate(m);
        Revisions = [.. Enumerable.Range(0, Days * 96).SelectMany(RevisionsOf)];
    }

    public ReleasedApproach Approach { get; }

    public IReadOnlyList<Movement> Movements { get; }

    public IReadOnlyList<BinRevision> Revisions { get; }

    /// <summary>When all has settled.</summary>
    public DateTimeOffset End => Start.AddDays(Days + 2);

    public static DateTimeOffset Start => new(Year, Month, 1, 0, 0, 0, s_offset);

    public int Vehicles => _minutes.Sum(m => m.Sum(n => n));

    /// <summary>By class, what had come in time of one minute.</summary>
    public int[] Minute(int movement, int minute) => [.. Enumerable.Range(0, Categories).Select(c => (int)_minutes[movement][(minute * Categories) + c])];

    private void Fail()
    {
        for (var q = 0; q < _closing.Length; q++)
        {
            if (_random.NextDouble() < 0.003) _blindQuarters.Add(q);
            _closing[q] = TimeSpan.FromMinutes(_random.Next(1, 5));
        }

        for (var outage = 0; outage < 6; outage++)
        {
            var (first, length, back) = (_random.Next(_closing.Length), _random.Next(1, 20), TimeSpan.FromHours(_random.Next(1, 40)));
            for (var q = first; q < Math.Min(first + length, _closing.Length); q++) _closing[q] = back;
        }
    }

    private byte[] Fill(double peakHour)
    {
        var minutes = new byte[Days * 24 * 60 * Categories];
        var shares = s_shares.Select(s => s * Math.Exp(0.5 * ((_random.NextDouble() * 2) - 1))).ToArray();
        for (var quarter = 0; quarter < Days * 96; quarter++)
        {
            if (_blindQuarters.Contains(quarter)) continue;
            var weekend = quarter / 96 % 7 is 0 or 6 ? 0.6 : 1;
            for (var c = 0; c < Categories; c++)
            {
                // Platoons: some quarters have many of a class, others none.
                var burst = c is 1 ? 1 : _random.NextDouble() < 0.3 ? 2.5 : 0.36;
                var rate = peakHour / 60 * s_day[quarter / 4 % 24] * weekend * shares[c] * burst;
                for (var minute = quarter * 15; minute < (quarter + 1) * 15; minute++) minutes[(minute * Categories) + c] = (byte)Poisson(rate);
            }
        }

        return minutes;
    }

    private void ComeLate(int movement)
    {
        for (var q = 0; q < Days * 96; q++)
        {
            if (_random.NextDouble() > 0.03 || _blindQuarters.Contains(q)) continue;
            var minutes = _random.NextDouble() < 0.5 ? _random.Next(1, 8) : _random.Next(60, 3000);
            _late.Add(new LateVehicle(movement, q, _random.Next(Categories), _closing[q] + TimeSpan.FromMinutes(minutes)));
        }
    }

    private IEnumerable<BinRevision> RevisionsOf(int quarter)
    {
        var start = Start.AddMinutes(quarter * 15);
        var minutes = Enumerable.Range(quarter * 15, 15);
        var counts = _minutes.Select(m => Enumerable.Range(0, Categories).Select(c => minutes.Sum(t => m[(t * Categories) + c])).ToArray()).ToArray();
        var isBlind = _blindQuarters.Contains(quarter);
        yield return Closed(1, _closing[quarter]);
        var revision = 1;
        foreach (var late in _late.Where(l => l.Quarter == quarter).OrderBy(l => l.After))
        {
            counts[late.Movement][late.Class]++;
            yield return Closed(++revision, late.After);
        }

        BinRevision Closed(int number, TimeSpan after)
        {
            var rows = from m in Enumerable.Range(0, Movements.Count)
                       from c in Enumerable.Range(0, Categories)
                       where counts[m][c] > 0
                       from movement in new[] { Movements[m], Movement.Entering }
                       group Sums(counts[m][c], m, c) by (Movement: movement, Class: VehicleClassNames.All[c]) into sums
                       select new FlowRow(sums.Key.Movement, sums.Key.Class, sums.Aggregate((a, b) => a + b));
            var bin = new FlowBin(
                new BinKey(Approach.Site, Approach.Approach, BinDuration.QuarterHour, start), start.AddMinutes(15),
                isBlind ? TimeSpan.Zero : TimeSpan.FromMinutes(15), isBlind ? BinQuality.Blind : BinQuality.Complete, number, [.. rows], []);
            return new BinRevision(bin, start.AddMinutes(15) + after);
        }
    }

    /// <summary>Two of three vehicles have a speed.</summary>
    private static FlowSums Sums(int count, int movement, int category) =>
        Enumerable.Range(0, count).Aggregate(
            default(FlowSums), (sum, i) => sum + FlowSums.Of(VehicleSize.Small, (i + movement + category) % 3 == 0 ? null : 30 + (3 * i) + category));

    private int Poisson(double mean)
    {
        var (limit, product, n) = (Math.Exp(-mean), _random.NextDouble(), 0);
        while (product > limit && n < 200)
        {
            product *= _random.NextDouble();
            n++;
        }

        return n;
    }
}
