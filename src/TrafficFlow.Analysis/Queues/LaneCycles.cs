using TrafficFlow.Analysis.Signals;
using TrafficFlow.Core.Detection;

namespace TrafficFlow.Analysis.Queues;

/// <summary>The queue of one lane in one cycle, in seconds since some zero.</summary>
internal readonly record struct LaneCycle((double From, double To) Cycle, double GreenBegin, Estimate? Back, int Vehicles, bool IsBeyondSight);

/// <summary>Which vehicles of a lane queued in which cycle, and where the last of them stood.</summary>
internal sealed class LaneCycles
{
    // Arrivals are told from so many vehicles at once, and those of before and after tell them too.
    private const int Block = 400;
    private const int Around = 60;

    private const double RateSeconds = 900;

    /// <summary>
    /// A driver who loses less did not come down to 5 km/h: braking from 40 km/h with 1.5 m/s² and driving off with 1.2 m/s², as drivers do on average, takes so much longer than driving through.
    /// </summary>
    private const double StopDelay = 6.4;

    // How exactly cameras and constants tell where a vehicle stands, and by how much less with each one that stood unseen.
    private const double PlaceError = 1.5;
    private const double SpacingError = 0.9;
    private const double EdgeMetres = 10;
    private const double LengthMetres = 7;
    private const int FewestFirst = 5;

    // Less than 2.5 % on either side: the constants, too, are not exact.
    private const double Outside = 0.008;

    // Standard deviation of the time from sight to the gate of those that drive freely: two times in whole seconds, half a second until a track is known, and one in eight faster or slower.
    private const double FreeError = 1;

    // Of a queue that starts, m/s²; no more than what the first seconds have.
    private const double StartAcceleration = 1.8;

    // So many are hidden by others when they come into sight, and for about so long; and of so many the beginning belongs to another vehicle.
    private const double Hidden = 0.15;
    private const double HiddenSeconds = 30;
    private const double Mistaken = 0.003;

    private readonly IReadOnlyList<LaneVehicle> _vehicles;
    private readonly IReadOnlyList<LaneGreen> _greens;
    private readonly LaneDischarge _lane;
    private readonly double _seen;
    private readonly int[] _green;
    private readonly int[] _rank;
    private readonly double[] _place;
    private readonly int[] _firstOf;
    private double[] _rates = [];

    private LaneCycles(IReadOnlyList<LaneVehicle> vehicles, IReadOnlyList<LaneGreen> greens, double seen)
    {
        _greens = greens;
        (_green, _rank, _place) = (new int[vehicles.Count], new int[vehicles.Count], new double[vehicles.Count]);
        // Who passes after a green's end was served by it, for a moment; before a begin too, for clocks are not exact.
        _firstOf = new int[greens.Count + 1];
        var g = 0;
        for (var k = 0; k < vehicles.Count; k++)
        {
            while (g < greens.Count - 1 && vehicles[k].Entered > greens[g].LastPassage) _firstOf[++g] = k;
            _green[k] = g;
            _rank[k] = k - _firstOf[g];
        }

        while (g < greens.Count) _firstOf[++g] = vehicles.Count;
        _lane = LaneDischarge.Of([.. greens.Select((green, i) => (green, vehicles.Skip(_firstOf[i]).Take(_firstOf[i + 1] - _firstOf[i]).ToArray()))], seen);
        var line = StopLine(vehicles);
        _seen = seen - line;
        _vehicles = [.. InOrder(vehicles.Select(v => v with { JoinedMetres = v.JoinedMetres - line }).ToArray())];
        for (var k = 0; k < vehicles.Count; k++) _place[k] = Rear(k, _green[k], out _);
    }

    /// <param name="vehicles">Of the lane, in order of passing; metres from the entering gate.</param>
    /// <param name="seen">How far back from the entering gate cameras see, metres.</param>
    /// <param name="isWatched">At a time.</param>
    public static IEnumerable<LaneCycle> Of(IReadOnlyList<LaneVehicle> vehicles, IReadOnlyList<LaneGreen> greens, double seen, Func<double, bool> isWatched)
    {
        var cycles = new LaneCycles(vehicles, greens, seen);
        cycles._rates = cycles.Rates(isWatched);
        var arrivals = cycles.Arrivals(isWatched);
        for (var c = 1; c < greens.Count; c++) yield return cycles.Cycle(c, arrivals);
    }

    /// <summary>Nobody overtakes in a lane: who came into sight first passes first. Trackers take one for another where vehicles hide each other.</summary>
    private LaneVehicle[] InOrder(LaneVehicle[] vehicles)
    {
        for (var g = 0; g < _greens.Count; g++)
        {
            var firstSeen = vehicles[_firstOf[g].._firstOf[g + 1]].Select(v => v.FirstSeen).Order().ToList();
            for (var i = 0; i < firstSeen.Count; i++)
            {
                var k = _firstOf[g] + i;
                vehicles[k] = vehicles[k] with { FirstSeen = Math.Min(firstSeen[i], vehicles[k].Entered) };
            }
        }

        return vehicles;
    }

    /// <summary>From the entering gate back to the stop line, metres: the first car of a queue stands a metre before that line.</summary>
    private double StopLine(IReadOnlyList<LaneVehicle> vehicles)
    {
        var rears = vehicles.Where((v, k) => _rank[k] == 0 && v is { IsLarge: false, Class: not VehicleClass.Motorcycle, JoinedMetres: not null } && IsOfCycle(v.Joined!.Value, _green[k])).Select(v => v.JoinedMetres!.Value).Order().ToList();
        return rears.Count < FewestFirst ? 0 : Math.Clamp(rears[rears.Count / 2] - LaneDischarge.FirstGapMetres - (_lane.CarMetres - LaneDischarge.GapMetres), -5, 15);
    }

    /// <summary>Passages per second around each vehicle, where somebody watched.</summary>
    private double[] Rates(Func<double, bool> isWatched)
    {
        var rates = new double[_vehicles.Count];
        var (from, to) = (0, 0);
        for (var k = 0; k < rates.Length; k++)
        {
            var at = _vehicles[k].Entered;
            while (_vehicles[from].Entered < at - RateSeconds) from++;
            while (to < rates.Length && _vehicles[to].Entered <= at + RateSeconds) to++;
            var watched = 0;
            const int Samples = 30;
            for (var s = 0; s < Samples; s++)
            {
                if (isWatched(at + (RateSeconds * (((s + 0.5) / (Samples / 2.0)) - 1)))) watched++;
            }

            rates[k] = (to - from) / (2 * RateSeconds * Math.Max(1, watched) / Samples);
        }

        return rates;
    }

    /// <summary>For each vehicle: how probable it is that its virtual arrival lies before a time.</summary>
    private Func<int, double, double> Arrivals(Func<double, bool> isWatched)
    {
        var blocks = new List<(int From, ArrivalEstimate Estimate)>();
        for (var from = 0; from < _vehicles.Count; from += Block)
        {
            var first = Math.Max(0, from - Around);
            var count = Math.Min(_vehicles.Count, from + Block + Around) - first;
            blocks.Add((first, ArrivalEstimate.Of(
                [.. _vehicles.Skip(first).Take(count).Select(v => v.Entered)], [.. _rates.Skip(first).Take(count)],
                (k, arrival) => Told(first + k, arrival), (k, arrival) => Leaves(first + k, arrival), _lane.HeadwayScatter)));
        }

        return (k, time) => blocks[k / Block] is var (first, estimate) ? estimate.Before(k - first, time) : 0;
    }

    /// <summary>When a vehicle leaves that would have passed then.</summary>
    private double Leaves(int k, double arrival)
    {
        var g = _green[k];
        var begin = _greens[g].Begin;
        if (_rank[k] > 0)
        {
            // Behind one that passed in the same green.
            return Math.Max(arrival, Math.Max(_vehicles[k - 1].Entered + _lane.Headway(_vehicles[k].Class, _rank[k]), begin + _lane.Start[0]));
        }

        // The first of its green: it came in the red before, or was left over, or comes freely.
        var ahead = k == 0 ? double.NegativeInfinity : _vehicles[k - 1].Entered + _lane.Headway(_vehicles[k].Class, 4);
        var before = g > 0 ? _greens[g - 1].LastPassage : double.NegativeInfinity;
        // It could have passed in the green before, had it been there.
        var could = Math.Max(arrival, ahead);
        return could < before - 2 ? could : Math.Max(arrival, begin + _lane.Start[0]);
    }

    /// <summary>How likely what was seen of a vehicle is, its passage apart.</summary>
    private double Told(int k, double arrival)
    {
        // Who drives freely comes into sight so long before it would pass the gate; from a queue beyond sight one comes a headway after the other, once the start has run back to there.
        var (v, most) = (_vehicles[k], 1 / (FreeError * 2.5066));
        if (v.Entered - arrival > StopDelay) most *= v.Joined is null && _place[k] < _seen ? Hidden / 3 : StartedFrom(k);
        var free = arrival - _lane.FreeSeconds;
        var behind = k == 0 ? double.NegativeInfinity : _vehicles[k - 1].FirstSeen + _lane.Headway(v.Class, 4);
        // It seems to have come into sight before there was room for it: it was taken for another. Or the one before was hidden at first, and nobody knows when that came.
        if (_place[k] > _seen + EdgeMetres && v.FirstSeen < _greens[_green[k]].Begin) return most;
        if (behind > v.FirstSeen + FreeError) return most * ((1 / (1 + Math.Exp(1.7 * (((free - v.FirstSeen) / FreeError) - 0.5)))) + Mistaken);
        var told = Seen(v.FirstSeen - Math.Max(free, behind));
        if (_place[k] > _seen - EdgeMetres) told = Math.Max(told, Seen(v.FirstSeen - Math.Max(Math.Max(free, behind), _greens[_green[k]].Begin + (_seen / _lane.StartWave))));
        return told;

        double Seen(double late) => most * (((1 - Hidden) * Math.Exp(-late * late / (2 * FreeError * FreeError))) + (late > 0 ? Hidden * FreeError / HiddenSeconds : 0) + Mistaken);
    }

    /// <summary>How well the time from sight to the gate fits a vehicle that had stood in its place and drove off from there: who comes faster had not stopped.</summary>
    private double StartedFrom(int k)
    {
        var v = _vehicles[k];
        if (v.Joined is not null) return 1;
        var (beyond, way) = (_place[k] - _seen, Math.Min(_place[k], _seen));
        var speed = beyond > 0 ? Math.Min(_lane.FreeSpeed, Math.Sqrt(2 * StartAcceleration * beyond)) : 0;
        // Until it drives as fast as it likes, and the rest of the way like that.
        var until = Math.Min(way, ((_lane.FreeSpeed * _lane.FreeSpeed) - (speed * speed)) / (2 * StartAcceleration));
        var seconds = ((Math.Sqrt((speed * speed) + (2 * StartAcceleration * until)) - speed) / StartAcceleration) + ((way - until) / _lane.FreeSpeed);
        // Within sight it stands first; at the edge nobody sees it at once.
        var early = (seconds - (v.Entered - v.FirstSeen)) / FreeError;
        return early <= 0 ? 1 : Math.Max(0.02, Math.Exp(-early * early / 2));
    }

    /// <summary>Where a vehicle's rear stands before it is served, in a green, behind all that are served from that green's begin on.</summary>
    private double Rear(int k, int green, out double error)
    {
        var first = _firstOf[green];
        var (rear, squares) = (_lane.Spacing(_vehicles[first].Class) - LaneDischarge.GapMetres + LaneDischarge.FirstGapMetres, PlaceError * PlaceError);
        for (var i = first; i <= k; i++)
        {
            if (i > first) (rear, squares) = (rear + _lane.Spacing(_vehicles[i].Class), squares + (SpacingError * SpacingError));
            // Whoever joined in this cycle was seen where it stood, if not exactly: far off others hide it, and at the edge of the picture nobody is seen whole.
            if (_vehicles[i].JoinedMetres is not { } metres || metres > _seen - EdgeMetres || !IsOfCycle(_vehicles[i].Joined!.Value, green) || Math.Abs(metres - rear) > 2.5 * Math.Sqrt(squares) + 2) continue;
            var seen = Math.Pow(PlaceError + (metres / 15), 2);
            (rear, squares) = (rear + (squares / (squares + seen) * (metres - rear)), squares * seen / (squares + seen));
        }

        error = Math.Sqrt(squares);
        return rear;
    }

    private bool IsOfCycle(double joined, int green) => (green == 0 || joined > _greens[green - 1].End - 1) && joined < _greens[green].LastPassage;

    private LaneCycle Cycle(int c, Func<int, double, double> arrivals)
    {
        var (begin, end) = (_greens[c].Begin, _greens[c].End);
        var span = (_greens[c - 1].End, end);
        var tail = Tail(c, arrivals, double.PositiveInfinity);
        // Of those that the green before did not serve some had not moved yet when it ended: they stand farther back than they will.
        var left = Tail(c - 1, arrivals, _greens[c - 1].End).Where(t => _firstOf[c] <= t.Vehicle && _greens[c - 1].Begin + (t.Rear / _lane.StartWave) > _greens[c - 1].End).ToList();
        var (value, low, high, error, vehicles) = Back(tail);
        var (leftValue, leftLow, leftHigh, leftError, _) = Back(left);
        if (leftValue > value) (value, error) = (leftValue, leftError);
        (low, high) = (Math.Max(low, leftLow), Math.Max(high, leftHigh));
        var margin = value > 0 ? 1.96 * error : 0;
        var back = new Estimate(
            value, Math.Max(0, value - Math.Sqrt(Math.Pow(value - low, 2) + (margin * margin))), value + Math.Sqrt(Math.Pow(high - value, 2) + (margin * margin)));
        // More probably than not, whatever place is the most probable one.
        return new LaneCycle(span, begin, back, vehicles, tail.Concat(left).Any(t => t.Rear > _seen && t.Share >= 0.5));
    }

    /// <summary>Who may be the last of the queue: where its rear stands, and how probable it is that it queued in this cycle.</summary>
    private List<(int Vehicle, double Rear, double Error, double Share)> Tail(int c, Func<int, double, double> arrivals, double until)
    {
        var tail = new List<(int, double, double, double)>();
        var (begin, end) = (_greens[c].Begin, Math.Min(until, _greens[c].End));
        for (var k = _firstOf[c]; k < _vehicles.Count; k++)
        {
            var v = _vehicles[k];
            var rear = Rear(k, c, out var error);
            // It came there before the start had run back to it.
            var latest = Math.Min(end, begin + (rear / _lane.StartWave)) + (rear / _lane.FreeSpeed);
            var share = _green[k] == c ? arrivals(k, v.Entered - StopDelay) : Math.Min(arrivals(k, latest), arrivals(k, v.Entered - StopDelay));
            // Who seemed to stand only while the start ran past it may have crawled.
            if (v.Joined is { } joined && joined < Math.Min(end, begin + (rear / _lane.StartWave) - 1)) share = Math.Max(share, 0.98);
            tail.Add((k, rear, error, share));
            if (_green[k] > c && share < 1e-3) break;
        }

        return tail;
    }

    /// <summary>The place around which, within a vehicle's length, the last one most probably stood; and where 95 % of them lie.</summary>
    private static (double Value, double Low, double High, double Error, int Vehicles) Back(List<(int Vehicle, double Rear, double Error, double Share)> tail)
    {
        // How probable it is that each is the last one.
        var last = new double[tail.Count + 1];
        var share = 0.0;
        for (var i = tail.Count - 1; i >= 0; i--)
        {
            last[i + 1] = Math.Max(0, tail[i].Share - share);
            share = Math.Max(share, tail[i].Share);
        }

        last[0] = 1 - share;
        var (best, most, sum, low, high) = (0, -1.0, 0.0, 0.0, 0.0);
        for (var i = 0; i <= tail.Count; i++)
        {
            var (near, place) = (0.0, Place(i));
            for (var j = 0; j <= tail.Count; j++)
            {
                // One at the very limit counts in part: places are not exact.
                var away = Math.Abs(Place(j) - place);
                near += last[j] * (away <= LengthMetres - 1 ? 1 : Math.Max(0, (LengthMetres + 1 - away) / 2)) + (j == i ? 0.02 * last[j] : 0);
            }

            if (near > most) (best, most) = (i, near);
            if (sum < Outside) low = place;
            if (sum < 1 - Outside) high = place;
            sum += last[i];
        }

        return (Place(best), low, high, best == 0 ? 0 : tail[best - 1].Error, best);

        double Place(int i) => i == 0 ? 0 : tail[i - 1].Rear;
    }
}
