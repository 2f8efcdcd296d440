using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Core.Release;

/// <summary>One day of one approach on its way to being released: what has settled, and what of it is hidden.</summary>
internal sealed class DayTables
{
    private readonly ReleasedApproach _approach;
    private readonly ReleaseRules _rules;
    private readonly Interval _day;
    private readonly DateTimeOffset _now;
    private readonly IReadOnlyList<Movement> _streams;
    private readonly List<Hour> _hours;
    private readonly Dictionary<Movement, StreamDay> _told = [];
    private readonly SpeedSums _speeds;
    private readonly DateTimeOffset _settles;

    /// <summary>An hour, and the newest revisions of its quarters; its speeds by the start of a quarter.</summary>
    private sealed record Hour(
        SettledHour Settled, IReadOnlyList<FlowBin> Newest, Dictionary<Movement, StreamHour> Streams, Dictionary<DateTimeOffset, SpeedSums> Quarters, SpeedSums Speeds);

    public DayTables(ReleasedApproach approach, ReleaseRules rules, Interval day, IEnumerable<BinRevision> quarters, DateTimeOffset now)
    {
        (_approach, _rules, _day, _now) = (approach, rules, day, now);
        _streams = approach.DetailStreams(rules.Classes);
        var alignment = new BinAlignment(approach.Zone);
        var settlement = new Settlement(rules, alignment);
        var history = quarters.ToLookup(r => r.Bin.Key.Start);
        _hours = [.. alignment.Touching(day, BinDuration.Hour).Where(h => h.From < now).Select(h => HourOf(settlement.Settle(h, day, history), alignment, history))];
        _settles = settlement.DaySettles(day);
        _speeds = SpeedSums.Of([.. _hours.Select(h => h.Speeds)], rules.SpeedThreshold);
        if (!IsSettled) return;
        foreach (var stream in _streams)
        {
            IReadOnlyList<StreamHour> told = [.. _hours.Where(h => !h.Settled.IsMissing).Select(h => h.Streams[stream])];
            if (told.Count > 0) _told[stream] = new StreamDay(told, VehicleClassNames.All.Count, rules.ClassThreshold);
        }
    }

    private bool IsSettled => _settles <= _now;

    private IReadOnlyList<FlowBin> Newest => [.. _hours.SelectMany(h => h.Newest)];

    public ReleasedDay Released() => new([.. _hours.SelectMany(Quarters)], [.. _hours.Select(Table)], Table());

    public static ReleasedTable Month(ReleasedApproach approach, ReleaseRules rules, Interval span, IReadOnlyList<DayTables> days, DateTimeOffset now)
    {
        IReadOnlyList<FlowBin> newest = [.. days.SelectMany(d => d.Newest)];
        var isSettled = span.To + rules.DaySettles <= now;
        var speeds = SpeedSums.Of([.. days.Select(d => d._speeds)], rules.SpeedThreshold);
        var table = new TableBuilder(approach, ReleasedPeriod.Month, span)
            .Totals(newest, span.To > now ? Withheld.Pending : null, _ => false, isSettled ? speeds.Told : null);
        foreach (var stream in approach.DetailStreams(rules.Classes))
        {
            var told = days.Where(d => d._told.ContainsKey(stream)).Select(d => d._told[stream]).ToList();
            if (!isSettled || told.Count == 0) table.NoClasses(stream, isSettled ? Withheld.Missing : Withheld.Pending);
            else if (new StreamMonth(told, VehicleClassNames.All.Count, rules.ClassThreshold) is var month) table.Classes(stream, month.Tell);
        }

        return (isSettled ? table.DetailAsOf(span.To + rules.DaySettles) : table).Build(newest);
    }

    private Hour HourOf(SettledHour settled, BinAlignment alignment, ILookup<DateTimeOffset, BinRevision> history)
    {
        IReadOnlyList<FlowBin> newest = [.. alignment.Touching(settled.Span, BinDuration.QuarterHour)
            .Select(q => history[q.From].MaxBy(r => r.Bin.Revision)?.Bin).OfType<FlowBin>()];
        var streams = settled.IsMissing ? [] : _streams.ToDictionary(s => s, s => new StreamHour([.. settled.Quarters.Select(q => CountsOf(q, s))], _rules.ClassThreshold));
        var quarters = settled.Quarters.ToDictionary(
            q => q.Key.Start,
            q => SpeedSums.Of(q.Rows.Where(r => r.Movement == Movement.Entering).Aggregate(default(FlowSums), (sum, r) => sum + r.Sums), _rules.SpeedThreshold));
        return new Hour(settled, newest, streams, quarters, SpeedSums.Of([.. quarters.Values], _rules.SpeedThreshold));
    }

    private static int[] CountsOf(FlowBin bin, Movement stream)
    {
        var counts = new int[VehicleClassNames.All.Count];
        foreach (var row in bin.Rows)
        {
            if (row.Movement == stream) counts[Category(row.Class)] += row.Sums.Count;
        }

        return counts;
    }

    private static int Category(VehicleClass vehicleClass)
    {
        for (var c = 0; c < VehicleClassNames.All.Count; c++)
        {
            if (VehicleClassNames.All[c] == vehicleClass) return c;
        }

        throw new ArgumentOutOfRangeException(nameof(vehicleClass), vehicleClass, "no such vehicle class");
    }

    private IEnumerable<ReleasedTable> Quarters(Hour hour)
    {
        var isShort = BinDuration.QuarterHour.CompareTo(_rules.ShortestMovement) < 0;
        foreach (var bin in hour.Newest)
        {
            var speeds = hour.Settled.At <= _now ? hour.Quarters.GetValueOrDefault(bin.Key.Start)?.Told : null;
            var table = new TableBuilder(_approach, ReleasedPeriod.QuarterHour, new Interval(bin.Key.Start, bin.End))
                .Totals([bin], null, m => isShort && ReleasedApproach.IsTurn(m), speeds);
            yield return (speeds is null ? table : table.DetailAsOf(hour.Settled.At)).Build([bin]);
        }
    }

    private ReleasedTable Table(Hour hour)
    {
        var isSettled = hour.Settled.At <= _now;
        var isWhole = hour.Settled.Span.To <= _now && (isSettled || hour.Newest.Sum(b => (b.End - b.Key.Start).Ticks) == hour.Settled.Span.Length.Ticks);
        var table = new TableBuilder(_approach, ReleasedPeriod.Hour, hour.Settled.Span)
            .Totals(hour.Newest, isWhole ? null : Withheld.Pending, _ => false, isSettled ? hour.Speeds.Told : null);
        foreach (var stream in _streams)
        {
            if (!isSettled) table.NoClasses(stream, Withheld.Pending);
            else if (hour.Settled.IsMissing) table.NoClasses(stream, Withheld.Missing);
            else table.Classes(stream, hour.Streams[stream].Tell);
        }

        return (isSettled ? table.DetailAsOf(hour.Settled.At) : table).Build(hour.Newest);
    }

    private ReleasedTable Table()
    {
        var table = new TableBuilder(_approach, ReleasedPeriod.Day, _day)
            .Totals(Newest, _day.To > _now ? Withheld.Pending : null, _ => false, IsSettled ? _speeds.Told : null);
        foreach (var stream in _streams)
        {
            if (!IsSettled) table.NoClasses(stream, Withheld.Pending);
            else if (_told.TryGetValue(stream, out var day)) table.Classes(stream, day.Tell);
            else table.NoClasses(stream, Withheld.Missing);
        }

        return (IsSettled ? table.DetailAsOf(_settles) : table).Build(Newest);
    }
}
