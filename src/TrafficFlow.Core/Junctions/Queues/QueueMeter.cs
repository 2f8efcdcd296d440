using System.Collections.Immutable;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Junctions.Queues;

/// <summary>
/// Measures the queue before each approach's entering gates, once a second. A vehicle joins when it stands close behind the gate or a queued
/// vehicle, and stays queued until it drives off: so the tail of a queue whose head has gone still counts. What stands farther back than the
/// cameras see is missing. Pure.
/// </summary>
internal sealed class QueueMeter
{
    private sealed class Stand(double since, GroundPoint place)
    {
        public double Since { get; set; } = since;
        public GroundPoint Place { get; set; } = place;
        public double SeenAt { get; set; } = since;
        public bool IsQueued { get; set; }

        /// <summary>It has not passed the gate since: what stands behind it stands for the same reason.</summary>
        public bool WasQueued { get; set; }

        public bool WasParked { get; set; }
    }

    private readonly record struct Sample(double From, double Seconds, ApproachId Approach, double BackMetres, int Vehicles);

    private readonly QueueSettings _settings;
    private readonly EntryLines _lines;
    private readonly Dictionary<long, Stand> _standing = [];
    private readonly Dictionary<CameraId, double> _watchedAt = [];
    private readonly List<Sample> _samples = [];
    private readonly List<(QueueCandidate Vehicle, double ToGate, Stand Stand)> _before = [];
    private readonly List<QueueJoining> _joined = [];
    private double? _last;

    public QueueMeter(IEnumerable<GroundGate> gates, QueueSettings? settings = null)
    {
        _settings = settings ?? QueueSettings.Default;
        _lines = new EntryLines(gates, _settings.AngleDegrees);
    }

    /// <summary>Those that have joined a queue with the last sample, also again: one that drove up joins where it stands next.</summary>
    public IReadOnlyList<QueueJoining> Joined => _joined;

    /// <summary>The camera gave a frame: an approach none of whose cameras does is not measured, which is not the same as an empty queue.</summary>
    /// <param name="now">Seconds since the origin.</param>
    public void Watch(CameraId camera, double now) => _watchedAt[camera] = now;

    /// <summary>A sample is due: asked first, the vehicles need not be gathered for every frame.</summary>
    /// <param name="now">Seconds since the origin.</param>
    public bool IsDue(double now) => _lines.Approaches.Count > 0 && (_last is not { } last || now - last >= _settings.SampleSeconds);

    /// <param name="now">Seconds since the origin; never less than in the call before.</param>
    /// <param name="vehicles">All that are on the ground plane now.</param>
    public void Measure(double now, IEnumerable<QueueCandidate> vehicles)
    {
        var since = _last ?? now;
        _last = now;
        _joined.Clear();
        var seen = vehicles.Select(v => (Vehicle: v, Gate: _lines.Before(v))).Where(v => v.Gate is not null).ToLookup(v => v.Gate!.Value.Approach);
        foreach (var approach in _lines.Approaches)
        {
            _before.Clear();
            foreach (var (vehicle, gate) in seen[approach]) _before.Add((vehicle, gate!.Value.Metres, Follow(vehicle, now)));
            var (back, queued) = Join(approach, now);
            // Over a longer gap nobody knows.
            if (now > since && now - since <= 3 * _settings.SampleSeconds && IsWatched(approach, now)) _samples.Add(new Sample(since, now - since, approach, back, queued));
        }

        foreach (var (number, stand) in _standing)
        {
            if (stand.SeenAt < now) _standing.Remove(number);
        }
    }

    /// <summary>What was measured before this, added up by approach and minute; it is forgotten.</summary>
    /// <param name="before">Seconds since the origin.</param>
    /// <param name="origin">Event time of second 0.</param>
    public ImmutableArray<QueueReading> Take(double before, DateTimeOffset origin)
    {
        var taken = _samples.TakeWhile(s => s.From < before).ToList();
        _samples.RemoveRange(0, taken.Count);
        return
        [
            .. from sample in taken
               let time = GateCounter.At(origin, sample.From)
               group (sample, time) by (Minute: time.UtcTicks / TimeSpan.TicksPerMinute, sample.Approach) into minute
               select new QueueReading(minute.Key.Approach, minute.First().time, minute.Aggregate(default(QueueSums), (sums, s) => sums + SumsOf(s.sample))),
        ];
    }

    private bool IsWatched(ApproachId approach, double now) =>
        _lines.CamerasOf(approach).Any(c => _watchedAt.TryGetValue(c, out var at) && now - at <= 3 * _settings.SampleSeconds);

    private static QueueSums SumsOf(in Sample s) => new(s.Seconds, s.BackMetres * s.Seconds, s.BackMetres, s.Vehicles * s.Seconds, s.Vehicles);

    private Stand Follow(in QueueCandidate vehicle, double now)
    {
        if (!_standing.TryGetValue(vehicle.Number, out var stand)) _standing.Add(vehicle.Number, stand = new Stand(now, vehicle.Place));
        if (vehicle.Place.DistanceTo(stand.Place) > _settings.SamePlaceMetres) (stand.Since, stand.Place) = (now, vehicle.Place);
        stand.SeenAt = now;
        stand.WasParked |= now - stand.Since > _settings.ParkedAfterSeconds;
        if (vehicle.SpeedKmh > _settings.LeavesAboveKmh || now - stand.Since > _settings.ParkedAfterSeconds) stand.IsQueued = false;
        return stand;
    }

    /// <summary>From the gate backwards: who stands close behind it, or behind one that is queued, is queued too.</summary>
    private (double BackMetres, int Vehicles) Join(ApproachId approach, double now)
    {
        _before.Sort((a, b) => a.ToGate != b.ToGate ? a.ToGate.CompareTo(b.ToGate) : a.Vehicle.Number.CompareTo(b.Vehicle.Number));
        var (back, queued) = (0.0, 0);
        for (var i = 0; i < _before.Count; i++)
        {
            var (vehicle, toGate, stand) = _before[i];
            if (!stand.IsQueued && vehicle.SpeedKmh < _settings.JoinsBelowKmh && now - stand.Since <= _settings.ParkedAfterSeconds)
            {
                stand.IsQueued = stand.WasQueued = GapBefore(i) < _settings.GapMetres;
                if (stand.IsQueued)
                {
                    _joined.Add(new QueueJoining(vehicle.Number, approach, now, toGate, stand.WasParked));
                    stand.WasParked = false;
                }
            }

            if (!stand.IsQueued) continue;
            queued++;
            back = Math.Max(back, toGate + (vehicle.LengthMetres / 2));
        }

        return (back, queued);
    }

    private double GapBefore(int index)
    {
        var (vehicle, gap, _) = _before[index];
        for (var i = 0; i < index; i++)
        {
            if (!_before[i].Stand.WasQueued) continue;
            gap = Math.Min(gap, vehicle.Place.DistanceTo(_before[i].Vehicle.Place) - (_before[i].Vehicle.LengthMetres / 2));
        }

        return gap - (vehicle.LengthMetres / 2);
    }
}
