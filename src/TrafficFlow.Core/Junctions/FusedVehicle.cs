using System.Collections.Immutable;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Junctions;

/// <summary>One vehicle on the junction, as all cameras together see it. Times are seconds since the junction's origin.</summary>
internal sealed class FusedVehicle(long number, double time)
{
    /// <summary>One camera's track of this vehicle.</summary>
    internal sealed class CameraTrack(LocalTrackId track, double since)
    {
        public LocalTrackId Track { get; } = track;
        public double Since { get; } = since;
        public double Time { get; set; } = since;
        public double SeenAt { get; set; } = since;
        public LocalTrack Latest { get; set; }

        public long FirstFrame { get; init; }
        public long LastFrame { get; set; }

        /// <summary>How well it fitted the vehicle when it was joined, 0..1; null where the vehicle began with it.</summary>
        public double? MatchScore { get; init; }

        /// <summary>Since when it has contradicted the other tracks; null while it agrees.</summary>
        public double? AstraySince { get; set; }

        public bool IsFresh(double now, FusionSettings settings) => now - SeenAt <= settings.FreshSeconds;
    }

    // A track that breaks leaves its box to its successor for a moment.
    private const double LeastSharedSeconds = 0.25;

    // Of a vehicle that is seen for hours, whose tracks break again and again.
    private const int MostToldTracks = 24;

    private readonly List<(LocalTrackId Track, double From, double To)> _past = [];
    private readonly List<CameraTrack> _told = [];
    private readonly Dictionary<VehicleClass, double> _classVotes = [];
    private readonly Dictionary<VehicleColour, double> _colourVotes = [];
    private readonly HashSet<CameraId> _cameras = [];
    private bool _isVehicle;

    public long Number { get; } = number;
    public double BornAt { get; } = time;
    public double Time { get; private set; } = time;
    public double SeenAt { get; private set; } = time;
    public List<CameraTrack> CameraTracks { get; } = [];
    public GroundPoint Place { get; private set; }
    public double VelocityX { get; private set; }
    public double VelocityY { get; private set; }
    public double SpeedErrorKmh { get; private set; }

    /// <summary>Unit vector of where its front points; null until it has moved.</summary>
    public (double X, double Y)? Facing { get; private set; }
    public double LengthMetres { get; private set; }
    public double ErrorMetres { get; private set; } = 1;
    public int Cameras => _cameras.Count;

    /// <summary>A track ended, and another one went on with it.</summary>
    public bool WasHandedOver { get; private set; }

    /// <summary>So many others turned out to be this one.</summary>
    public int Merges { get; private set; }

    /// <summary>So many tracks turned out to be of others.</summary>
    public int Splits { get; private set; }

    public IReadOnlyDictionary<VehicleClass, double> ClassVotes => _classVotes;

    /// <summary>Some camera takes it for a vehicle, or its class says motorcycle: no bicycle.</summary>
    public bool IsVehicle => _isVehicle || Class.Class == VehicleClass.Motorcycle;

    public double Speed => Math.Sqrt((VelocityX * VelocityX) + (VelocityY * VelocityY));

    public GroundPoint PlaceAt(double now)
    {
        // No camera sees it: it is more likely to have braked than to have kept its speed.
        var seconds = Math.Min(now - Time, 1.5);
        return new GroundPoint(Place.X + (VelocityX * seconds), Place.Y + (VelocityY * seconds));
    }

    /// <summary>Takes what its tracks say now.</summary>
    /// <returns>False where no track is fresh: no camera sees it.</returns>
    public bool Fuse(double now, FusionSettings settings)
    {
        double weight = 0, x = 0, y = 0, vx = 0, vy = 0, speedError = 0, error = 0;
        foreach (var cameraTrack in CameraTracks)
        {
            if (!cameraTrack.IsFresh(now, settings)) continue;
            var state = cameraTrack.Latest.State;
            var w = Weight(cameraTrack);
            var behind = now - cameraTrack.Time;
            x += w * (state.Centre.X + (state.VelocityX * behind));
            y += w * (state.Centre.Y + (state.VelocityY * behind));
            vx += w * state.VelocityX;
            vy += w * state.VelocityY;
            speedError += w * state.SpeedErrorKmh;
            error += w * state.ErrorMetres;
            weight += w;
        }

        if (weight == 0) return false;
        Place = new GroundPoint(x / weight, y / weight);
        (VelocityX, VelocityY) = (vx / weight, vy / weight);
        SpeedErrorKmh = speedError / weight;
        ErrorMetres = error / weight;
        if (Speed > 1) Facing = (VelocityX / Speed, VelocityY / Speed);
        Time = SeenAt = now;
        return true;
    }

    /// <summary>The track is over; that its camera had this vehicle in view all the while stays known.</summary>
    public void End(CameraTrack cameraTrack)
    {
        CameraTracks.Remove(cameraTrack);
        Tell(cameraTrack);
        _past.Add((cameraTrack.Track, cameraTrack.Since, cameraTrack.SeenAt));
    }

    /// <summary>The track turned out to be of another vehicle.</summary>
    public void TakeOff(CameraTrack cameraTrack)
    {
        CameraTracks.Remove(cameraTrack);
        Splits++;
    }

    public void Join(CameraTrack cameraTrack)
    {
        WasHandedOver |= _past.Count > 0;
        CameraTracks.Add(cameraTrack);
    }

    /// <summary>Its tracks until now, those that have ended too.</summary>
    public ImmutableArray<JoinedTrack> Joined(DateTimeOffset origin) =>
    [
        .. _told.Concat(CameraTracks).OrderBy(t => t.Since).ThenBy(t => t.Track.Camera.Value, StringComparer.Ordinal).Select(t => new JoinedTrack(
            t.Track.Camera, t.Track.Number, t.FirstFrame, GateCounter.At(origin, t.Since), t.LastFrame, GateCounter.At(origin, t.SeenAt), t.MatchScore,
            t.Latest.Class, t.Latest.ClassConfidence, t.Latest.Standing)),
    ];

    private void Tell(CameraTrack cameraTrack)
    {
        if (_told.Count == MostToldTracks) _told.RemoveAt(MostToldTracks / 2);
        _told.Add(cameraTrack);
    }

    /// <summary>Some camera saw both at once as two, so they are two.</summary>
    public bool WasSeenApartFrom(FusedVehicle other)
    {
        foreach (var mine in Spans())
        {
            foreach (var theirs in other.Spans())
            {
                if (mine.Track.Camera == theirs.Track.Camera && Math.Min(mine.To, theirs.To) - Math.Max(mine.From, theirs.From) > LeastSharedSeconds) return true;
            }
        }

        return false;
    }

    /// <summary>This track of a camera was its at that time.</summary>
    public bool WasSeenAs(LocalTrackId track, double time)
    {
        foreach (var cameraTrack in CameraTracks)
        {
            if (cameraTrack.Track == track && cameraTrack.Since <= time) return true;
        }

        foreach (var past in _past)
        {
            if (past.Track == track && past.From <= time && time <= past.To) return true;
        }

        return false;
    }

    private IEnumerable<(LocalTrackId Track, double From, double To)> Spans() =>
        CameraTracks.Select(s => (s.Track, s.Since, s.SeenAt)).Concat(_past);

    /// <summary>Counts a camera's word on class and colour, weighted by how long it lasts and how sure it is.</summary>
    public void Vote(in LocalTrack track, CameraId camera, double seconds)
    {
        _cameras.Add(camera);
        _isVehicle |= !track.IsRider;
        var near = 1 / (1 + track.State.ErrorMetres);
        if (track.Class != VehicleClass.Unclassified) Add(_classVotes, track.Class, seconds * near * track.ClassConfidence);
        if (track.Colour != VehicleColour.Unknown) Add(_colourVotes, track.Colour, seconds * near * track.ColourConfidence);
        if (track.State.LengthMetres is { } length) LengthMetres = Math.Max(LengthMetres, length);

        static void Add<T>(Dictionary<T, double> votes, T key, double vote)
            where T : notnull => votes[key] = votes.GetValueOrDefault(key) + vote;
    }

    public (VehicleClass Class, double Confidence) Class => Winner(_classVotes);

    public (VehicleColour Colour, double Confidence) Colour => Winner(_colourVotes);

    /// <summary>Takes over all that another vehicle was, which has turned out to be the same.</summary>
    public void Absorb(FusedVehicle other)
    {
        CameraTracks.AddRange(other.CameraTracks);
        other.CameraTracks.Clear();
        _past.AddRange(other._past);
        foreach (var told in other._told) Tell(told);
        WasHandedOver |= other.WasHandedOver;
        Merges += 1 + other.Merges;
        Splits += other.Splits;
        foreach (var (key, vote) in other._classVotes) _classVotes[key] = _classVotes.GetValueOrDefault(key) + vote;
        foreach (var (key, vote) in other._colourVotes) _colourVotes[key] = _colourVotes.GetValueOrDefault(key) + vote;
        _cameras.UnionWith(other._cameras);
        _isVehicle |= other._isVehicle;
        LengthMetres = Math.Max(LengthMetres, other.LengthMetres);
    }

    private static double Weight(CameraTrack cameraTrack)
    {
        var error = Math.Max(0.2, cameraTrack.Latest.State.ErrorMetres);
        return (cameraTrack.Latest.IsSeen ? 1 : 0.1) / (error * error);
    }

    private static (T Best, double Share) Winner<T>(Dictionary<T, double> votes)
        where T : struct, Enum
    {
        var (best, most, total) = (default(T), 0.0, 0.0);
        foreach (var (key, vote) in votes)
        {
            total += vote;
            if (vote > most || (vote == most && Comparer<T>.Default.Compare(key, best) < 0)) (best, most) = (key, vote);
        }

        return (best, total > 0 ? most / total : 0);
    }
}

