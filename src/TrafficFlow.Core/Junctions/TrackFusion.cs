using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking;
using TrafficFlow.Core.Tracking.Ground;

namespace TrafficFlow.Core.Junctions;

/// <summary>
/// Decides which tracks of a site's cameras are the same vehicle: by place, way and velocity on the ground, and by what no camera saw
/// apart. Identity is handed over where one camera loses a vehicle and another, or the same again, finds it. Pure and deterministic.
/// </summary>
internal sealed class TrackFusion(FusionSettings settings)
{
    private readonly List<FusedVehicle> _vehicles = [];
    private readonly Dictionary<LocalTrackId, FusedVehicle> _of = [];
    private readonly Dictionary<(long, long), double> _togetherSince = [];
    private readonly HungarianAssignment _assignment = new();
    private readonly List<(LocalTrack Track, LocalTrackId Id, long Frame)> _new = [];
    private int[] _columns = new int[32];
    private long _next = 1;

    public IReadOnlyList<FusedVehicle> Vehicles => _vehicles;

    /// <summary>Vehicles that have ended since the last step: no camera will see them again.</summary>
    public List<FusedVehicle> Ended { get; } = [];

    /// <summary>Pairs that turned out to be one since the last step; the second is gone.</summary>
    public List<(FusedVehicle Kept, FusedVehicle Gone)> Merged { get; } = [];

    /// <param name="now">Seconds since the junction's origin, never less than in the step before.</param>
    public void Update(double now, CameraObservation observation)
    {
        Ended.Clear();
        Merged.Clear();
        Continue(now, observation);
        FuseAll(now);
        SplitAstray(now);
        Adopt(now, observation);
        FuseAll(now);
        MergeSame(now);
        EndLost(now);
    }

    /// <summary>The camera's tracks are no more: it was interrupted, and its numbers begin anew.</summary>
    public void Forget(CameraId camera)
    {
        foreach (var vehicle in _vehicles)
            foreach (var cameraTrack in vehicle.CameraTracks.Where(s => s.Track.Camera == camera).ToList()) vehicle.End(cameraTrack);
        foreach (var id in _of.Keys.Where(k => k.Camera == camera).ToList()) _of.Remove(id);
    }

    /// <summary>Ends every vehicle.</summary>
    public void Clear()
    {
        Ended.Clear();
        Merged.Clear();
        Ended.AddRange(_vehicles);
        _vehicles.Clear();
        _of.Clear();
        _togetherSince.Clear();
    }

    private void Continue(double now, CameraObservation observation)
    {
        _new.Clear();
        foreach (var track in observation.Tracks)
        {
            var id = new LocalTrackId(observation.Camera, track.Number);
            if (_of.TryGetValue(id, out var vehicle) && vehicle.CameraTracks.Find(s => s.Track == id) is { } known)
            {
                if (HasJumped(known, track, now))
                {
                    // The camera's tracker has gone over to another vehicle.
                    vehicle.End(known);
                    _of.Remove(id);
                    continue;
                }

                vehicle.Vote(track, observation.Camera, Math.Clamp(now - known.Time, 0, 0.5));
                known.Latest = track;
                known.Time = now;
                if (track.IsSeen) (known.SeenAt, known.LastFrame) = (now, observation.Frame);
            }
            else if (track.IsSeen && track.State.HeadingDegrees is not null)
            {
                // What has not moved yet shows one side only: where its middle is, is not known.
                _new.Add((track, id, observation.Frame));
            }
        }

        // Tracks that their camera no longer names have ended.
        foreach (var vehicle in _vehicles)
        {
            for (var s = vehicle.CameraTracks.Count - 1; s >= 0; s--)
            {
                var id = vehicle.CameraTracks[s].Track;
                if (id.Camera != observation.Camera || vehicle.CameraTracks[s].Time >= now) continue;
                _of.Remove(id);
                vehicle.End(vehicle.CameraTracks[s]);
            }
        }
    }

    private bool HasJumped(FusedVehicle.CameraTrack known, in LocalTrack track, double now)
    {
        var expected = At(known, now);
        var allowed = settings.JumpMetres + known.Latest.State.ErrorMetres + (0.5 * 9.81 * (now - known.Time) * (now - known.Time));
        return expected.DistanceTo(track.State.Centre) > allowed;
    }

    private void FuseAll(double now)
    {
        foreach (var vehicle in _vehicles) vehicle.Fuse(now, settings);
    }

    /// <summary>A track that has long contradicted the others is taken off and finds its own vehicle.</summary>
    private void SplitAstray(double now)
    {
        foreach (var vehicle in _vehicles)
        {
            if (vehicle.CameraTracks.Count < 2)
            {
                foreach (var only in vehicle.CameraTracks) only.AstraySince = null;
                continue;
            }

            FusedVehicle.CameraTrack? worst = null;
            foreach (var cameraTrack in vehicle.CameraTracks)
            {
                if (!cameraTrack.IsFresh(now, settings)) continue;
                var others = vehicle.CameraTracks.Where(s => s != cameraTrack && s.IsFresh(now, settings)).ToList();
                var agrees = others.Count == 0 || others.Any(o => Cost(At(cameraTrack, now), cameraTrack.Latest.State, At(o, now), o.Latest.State, 1.3, checkVelocity: false) < 1);
                cameraTrack.AstraySince = agrees ? null : cameraTrack.AstraySince ?? now;
                if (cameraTrack.AstraySince is { } since && now - since > settings.SplitAfterSeconds && (worst is null || cameraTrack.Since > worst.Since)) worst = cameraTrack;
            }

            if (worst is null) continue;
            vehicle.TakeOff(worst);
            _of.Remove(worst.Track);
            if (worst.Latest.IsSeen) _new.Add((worst.Latest, worst.Track, worst.LastFrame));
        }
    }

    private static GroundPoint At(FusedVehicle.CameraTrack cameraTrack, double now)
    {
        var state = cameraTrack.Latest.State;
        return new GroundPoint(state.Centre.X + (state.VelocityX * (now - cameraTrack.Time)), state.Centre.Y + (state.VelocityY * (now - cameraTrack.Time)));
    }

    /// <summary>New tracks go to vehicles that their camera does not see already, or become vehicles.</summary>
    private void Adopt(double now, CameraObservation observation)
    {
        if (_new.Count == 0) return;
        _assignment.Reset(_new.Count, Math.Max(1, _vehicles.Count));
        for (var n = 0; n < _new.Count; n++)
        {
            for (var v = 0; v < _vehicles.Count; v++)
            {
                if (_vehicles[v].CameraTracks.Any(s => s.Track.Camera == _new[n].Id.Camera && s.IsFresh(now, settings))) continue;
                var cost = Cost(_new[n].Track.State, _vehicles[v], now);
                if (cost < 1) _assignment.Set(n, v, 1 - cost);
            }
        }

        if (_columns.Length < _new.Count) _columns = new int[_new.Count * 2];
        _assignment.Solve(_columns);
        for (var n = 0; n < _new.Count; n++)
        {
            var (track, id, frame) = _new[n];
            FusedVehicle vehicle;
            double? match = null;
            if (_columns[n] >= 0)
            {
                vehicle = _vehicles[_columns[n]];
                match = 1 - Cost(track.State, vehicle, now);
            }
            else
            {
                vehicle = new FusedVehicle(_next++, now);
                _vehicles.Add(vehicle);
            }

            vehicle.Join(new FusedVehicle.CameraTrack(id, now) { Latest = track, FirstFrame = frame, LastFrame = frame, MatchScore = match });
            vehicle.Vote(track, observation.Camera, 0);
            _of[id] = vehicle;
        }
    }

    private double Cost(in GroundState state, FusedVehicle vehicle, double now)
    {
        var unseen = Math.Min(now - vehicle.SeenAt, 3);
        var known = StateOf(vehicle, now);
        var other = known with { ErrorMetres = known.ErrorMetres + (settings.DriftMetresPerSecond * unseen) };
        return Cost(state.Centre, state, other.Centre, other, 1, checkVelocity: unseen < 1);
    }

    /// <summary>Squared distance in gates, in the frame of the vehicle's way: below 1 both can be the same.</summary>
    private double Cost(GroundPoint a, in GroundState stateA, GroundPoint b, in GroundState stateB, double leniency, bool checkVelocity)
    {
        var (dx, dy) = (a.X - b.X, a.Y - b.Y);
        var (vx, vy) = (stateA.VelocityX + stateB.VelocityX, stateA.VelocityY + stateB.VelocityY);
        var speed = Math.Sqrt((vx * vx) + (vy * vy));
        var error = Math.Sqrt((stateA.ErrorMetres * stateA.ErrorMetres) + (stateB.ErrorMetres * stateB.ErrorMetres));
        var across = leniency * (settings.AcrossMetres + (0.5 * error));
        var along = leniency * (settings.AlongMetres + error + (settings.AlongPerLength * Math.Max(stateA.LengthMetres ?? 0, stateB.LengthMetres ?? 0)));
        if (checkVelocity)
        {
            var (wx, wy) = (stateA.VelocityX - stateB.VelocityX, stateA.VelocityY - stateB.VelocityY);
            var limit = settings.VelocityGate + ((stateA.SpeedErrorKmh + stateB.SpeedErrorKmh) / 3.6);
            if ((wx * wx) + (wy * wy) > limit * limit) return double.PositiveInfinity;
        }

        if (speed < 2)
        {
            // Which way it faces is not known: the narrower gate would tear long vehicles apart, the wider one take neighbours.
            var middle = (across + along) / 2;
            return ((dx * dx) + (dy * dy)) / (middle * middle);
        }

        var (ux, uy) = (vx / speed, vy / speed);
        var (alongOff, acrossOff) = ((dx * ux) + (dy * uy), (dx * uy) - (dy * ux));
        return (alongOff * alongOff / (along * along)) + (acrossOff * acrossOff / (across * across));
    }

    private void MergeSame(double now)
    {
        for (var i = 0; i < _vehicles.Count; i++)
        {
            for (var j = _vehicles.Count - 1; j > i; j--)
            {
                var (a, b) = (_vehicles[i], _vehicles[j]);
                var pair = Pair(a, b);
                if (a.CameraTracks.Count == 0 || b.CameraTracks.Count == 0 || !KeepTogether(a, b, now, out var patience) || a.WasSeenApartFrom(b))
                {
                    _togetherSince.Remove(pair);
                }
                else if (!_togetherSince.TryGetValue(pair, out var since))
                {
                    _togetherSince.Add(pair, now);
                }
                else if (now - since >= patience)
                {
                    // Vehicles are listed as they were born: a is the older one, with the longer history, and keeps its number.
                    a.Absorb(b);
                    foreach (var cameraTrack in a.CameraTracks) _of[cameraTrack.Track] = a;
                    _vehicles.RemoveAt(j);
                    Merged.Add((a, b));
                    Release(b);
                }
            }
        }
    }

    /// <summary>
    /// Close together they need little time. Farther apart, and moving as one, they need more: if they were two, each camera would have to
    /// miss another one of them all the while.
    /// </summary>
    private bool KeepTogether(FusedVehicle a, FusedVehicle b, double now, out double patience)
    {
        patience = settings.MergeAfterSeconds;
        if (now - a.SeenAt > settings.FreshSeconds || now - b.SeenAt > settings.FreshSeconds) return false;
        var (stateA, stateB) = (StateOf(a, now), StateOf(b, now));
        if (Cost(stateA.Centre, stateA, stateB.Centre, stateB, 1, checkVelocity: true) < 1) return true;
        patience = settings.MergeApartAfterSeconds;
        return a.Speed > 2 && b.Speed > 2 && Cost(stateA.Centre, stateA, stateB.Centre, stateB, settings.MergeApartLeniency, checkVelocity: true) < 1;
    }

    private static GroundState StateOf(FusedVehicle v, double now) =>
        new(v.PlaceAt(now), v.ErrorMetres, v.VelocityX, v.VelocityY, null, v.SpeedErrorKmh, v.LengthMetres);

    private void EndLost(double now)
    {
        for (var v = _vehicles.Count - 1; v >= 0; v--)
        {
            var vehicle = _vehicles[v];
            var patience = vehicle.Speed > 1.5 ? settings.MovingPatienceSeconds : settings.StandingPatienceSeconds;
            // No vehicle is waited for longer than it was watched.
            patience = Math.Min(patience, Math.Max(settings.MovingPatienceSeconds, vehicle.SeenAt - vehicle.BornAt));
            if (now - vehicle.SeenAt <= patience) continue;
            foreach (var cameraTrack in vehicle.CameraTracks) _of.Remove(cameraTrack.Track);
            _vehicles.RemoveAt(v);
            Ended.Add(vehicle);
            Release(vehicle);
        }
    }

    private void Release(FusedVehicle vehicle)
    {
        foreach (var pair in _togetherSince.Keys.Where(p => p.Item1 == vehicle.Number || p.Item2 == vehicle.Number).ToList()) _togetherSince.Remove(pair);
    }

    private static (long, long) Pair(FusedVehicle a, FusedVehicle b) => (Math.Min(a.Number, b.Number), Math.Max(a.Number, b.Number));
}
