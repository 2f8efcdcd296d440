using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Junctions;

/// <summary>
/// Tracks of all cameras of a site -> one journey per vehicle. Pure: no clock, no I/O; the same sights in the same order give the same
/// journeys. The counterpart of <see cref="CameraPipeline"/> for a whole junction.
/// </summary>
public sealed class JunctionPipeline
{
    // An exit is final so long after it was passed: what the vehicle does farther off is no business of the junction.
    private const double SettledAfterExitSeconds = 6;

    // How long a gate may have been passed before the hysteresis lets it count, for a slow vehicle.
    private const double NoticedAfterSeconds = 1;

    // Whoever ended longer ago than that has no second image that ends now.
    private const double RememberedSeconds = 30;

    // Of whom one end is known, so long before or after it is looked at.
    private const double BesidesSeconds = 4;

    // Trackers need a moment before they know what they see.
    private const double SettlingSeconds = 3;

    // Cameras tell so late of a passage, at most.
    private const double LookedBackAfterSeconds = 3;

    // Whoever has entered by now has been looked back at.
    private const double DoubtedAfterSeconds = 10;

    // So long the watermark waits for a vehicle that is hidden.
    private const double HoldSeconds = 6;

    private readonly FusionSettings _settings;
    private readonly IReadOnlyList<GroundGate> _gates;
    private readonly TrackFusion _fusion;
    private readonly Dictionary<long, VehicleStory> _stories = [];
    private readonly List<(VehicleStory Story, double EndedAt)> _ended = [];
    private readonly ConservationWatch _watch = new();
    private DateTimeOffset? _origin;
    private DateTimeOffset _last;
    private bool _camerasLookBack;
    private double _watermark;
    private long _nextJourney = 1;

    /// <exception cref="ArgumentException">The site has no gate on a ground plane that an approach is entered or left by.</exception>
    public JunctionPipeline(Site site, FusionSettings? settings = null)
    {
        _settings = settings ?? FusionSettings.Default;
        _gates = GroundGates.Of(site);
        if (_gates.Count == 0)
            throw new ArgumentException($"site {site.Id} has no calibrated camera with a gate that enters or exits an approach: add ground points and gates, or count each camera by itself", nameof(site));
        _fusion = new TrackFusion(_settings);
    }

    /// <summary>Since the beginning.</summary>
    public Conservation Conservation { get; private set; } = Conservation.Empty;

    /// <summary>Too many of the recent vehicles were seen at one end only: a camera misses some, is moved, or gates are wrong.</summary>
    public bool IsConservationViolated => _watch.IsViolated;

    /// <summary>Share of the journeys of the last ten minutes of which one end is unknown, 0..1.</summary>
    public double BrokenShare => _watch.BrokenShare;

    /// <summary>Vehicles that are followed now, before, on and behind the junction.</summary>
    public int Followed => _fusion.Vehicles.Count;

    /// <summary>Every journey that entered, or only left, before this event time has been given out.</summary>
    public DateTimeOffset Watermark => _origin is { } origin ? GateCounter.At(origin, _watermark) : default;

    /// <summary>Vehicles that have ended and are remembered for those that may be second images of them.</summary>
    internal int RememberedVehicles => _ended.Count;

    /// <param name="sight">Of any camera, in order of event time.</param>
    /// <param name="journeys">Gets the journeys that became final.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time lies before that of the sight before.</exception>
    public void Process(CameraSight sight, ICollection<Journey> journeys)
    {
        if (_origin is not null && sight.Time < _last)
            throw new ArgumentOutOfRangeException(nameof(sight), sight.Time, $"sights must come in order of event time; the last was of {_last:O}");
        _origin ??= sight.Time;
        _last = sight.Time;
        var now = (sight.Time - _origin.Value).TotalSeconds;
        _fusion.Update(now, sight);
        foreach (var (kept, gone) in _fusion.Merged) Merge(kept, gone);
        _camerasLookBack |= sight.Passages.Count > 0;
        foreach (var passage in sight.Passages) Know(sight.Camera, passage);
        foreach (var vehicle in _fusion.Vehicles)
        {
            var story = StoryOf(vehicle);
            if (vehicle.SeenAt >= now) story.Follow(now, _gates, _settings);
            if (_camerasLookBack && story is { IsTold: false, Exit: null, Entry: { } seen } && now - seen.Time > DoubtedAfterSeconds) story.DoubtEntry();
            if (!story.IsTold && story.Exit is not null && now - story.FirstExitAt > SettledAfterExitSeconds) Tell(vehicle, story, now, journeys);
            else if (story is { IsTold: false, EntryGivenAs: null, IsEntryDoubtful: false, Exit: null, Entry: { } entry } && now - entry.Time > _settings.LongestJourneySeconds) TellEntry(vehicle, story, entry, now, journeys);
        }

        foreach (var vehicle in _fusion.Ended) End(vehicle, now, journeys);
        Note(now);
    }

    /// <summary>The camera was interrupted: its tracks are no more, and its numbers begin anew.</summary>
    public void Interrupt(CameraId camera) => _fusion.Forget(camera);

    /// <summary>Every camera has ended, or was interrupted: gives out all that is pending.</summary>
    public void Finish(ICollection<Journey> journeys)
    {
        if (_origin is not { } origin) return;
        var now = (_last - origin).TotalSeconds;
        _fusion.Clear();
        foreach (var vehicle in _fusion.Ended) End(vehicle, now, journeys);
        Note(now);
    }

    private VehicleStory StoryOf(FusedVehicle vehicle)
    {
        if (!_stories.TryGetValue(vehicle.Number, out var story)) _stories.Add(vehicle.Number, story = new VehicleStory(vehicle, _gates.Count));
        return story;
    }

    private void Know(CameraId camera, LocalPassage passage)
    {
        var time = (passage.Time - _origin!.Value).TotalSeconds;
        var track = new LocalTrackId(camera, passage.Track);
        foreach (var vehicle in _fusion.Vehicles)
        {
            if (vehicle.WasSeenAs(track, time)) StoryOf(vehicle).Know(passage, time);
        }
    }

    private void Merge(FusedVehicle kept, FusedVehicle gone)
    {
        if (!_stories.Remove(gone.Number, out var story)) return;
        StoryOf(kept).Absorb(story);
    }

    private void End(FusedVehicle vehicle, double now, ICollection<Journey> journeys)
    {
        if (!_stories.Remove(vehicle.Number, out var story)) return;
        _ended.Add((story, now));
        if (!story.IsTold) Tell(vehicle, story, now, journeys);
    }

    private void Tell(FusedVehicle vehicle, VehicleStory story, double now, ICollection<Journey> journeys)
    {
        story.IsTold = true;
        if (story.EntryGivenAs is { } number)
        {
            Give(vehicle, story, story.Entry, story.Timed(GateRole.Exits, story.Exit, Math.Max(_watermark, story.Entry!.Value.Time)), number, JourneyPart.ExitAfter, journeys);
            Book(story, now);
        }
        else if (IsJourney(vehicle, story) && !IsSecondImage(story))
        {
            var entry = story.Timed(GateRole.Enters, story.Entry, _watermark);
            Give(vehicle, story, entry, story.Timed(GateRole.Exits, story.Exit, Math.Max(_watermark, entry?.Time ?? 0)), _nextJourney++, JourneyPart.All, journeys);
            Book(story, now);
        }
    }

    private bool IsJourney(FusedVehicle vehicle, VehicleStory story) =>
        vehicle.IsVehicle
        && (story.Entry is not null || story.Exit is not null)
        && (story.IsWhole ? story.MetresSeen : story.Way.Metres) >= _settings.LeastWayMetres;

    private bool IsSecondImage(VehicleStory story)
    {
        if (Double(story) is not { } real) return false;
        if (!real.IsTold) real.Absorb(story);
        return true;
    }

    /// <summary>
    /// The vehicle of which this is a second image, null where it is a vehicle of its own. A camera that sees only a part of a bus, or one cut
    /// off by the border of its picture, places it beside the others' bus; and it sees two where the bus breaks into front and rear.
    /// </summary>
    private VehicleStory? Double(VehicleStory story)
    {
        VehicleStory? best = null;
        var most = _settings.DoubleShare;
        // What it did where it is counted: it may have been another one before.
        var from = (story.Entry?.Time ?? story.Exit!.Value.Time - BesidesSeconds) - 1;
        var to = (story.Exit?.Time ?? story.Entry!.Value.Time + BesidesSeconds) + 1;
        foreach (var other in _stories.Values.Concat(_ended.Select(e => e.Story)))
        {
            if (other == story || other.IsDouble || story.Contradicts(other)) continue;
            // What was given out cannot be mended; what was passed over stands for nobody.
            if (other.IsTold && !(other.IsGiven && (other.IsWhole || !story.IsWhole))) continue;
            var (mine, theirs) = (story.Vehicle.LengthMetres, other.Vehicle.LengthMetres);
            // Where a camera saw two, they must have been where no two can be.
            var share = other.Vehicle.WasSeenApartFrom(story.Vehicle)
                ? story.Trace.ShareBeside(other.Trace, from, to, _settings.SolidShare * (mine + theirs), _settings.SolidAcrossMetres)
                : story.Trace.ShareBeside(other.Trace, from, to, _settings.AlongMetres + (_settings.DoublePerLength * Math.Max(mine, theirs)), _settings.DoubleAcrossMetres);
            if (share > most) (best, most) = (other, share);
        }

        story.IsDouble = best is not null;
        return best;
    }

    /// <summary>It has been on the junction for so long that its bin is not to wait for its exit.</summary>
    private void TellEntry(FusedVehicle vehicle, VehicleStory story, VehicleStory.Passed entry, double now, ICollection<Journey> journeys)
    {
        if (!IsJourney(vehicle, story))
        {
            story.DropEntry();
        }
        else if (IsSecondImage(story))
        {
            story.IsTold = true;
        }
        else
        {
            var passed = story.Timed(GateRole.Enters, entry, _watermark)!.Value;
            story.EntryGiven(passed, _nextJourney++);
            Give(vehicle, story, passed, null, story.EntryGivenAs!.Value, JourneyPart.EntryAhead, journeys);
        }
    }

    /// <summary>Once for each vehicle, when it is known whether both its ends were seen.</summary>
    private void Book(VehicleStory story, double now)
    {
        // Nobody could see those enter who were inside already.
        if (story.Entry is not null || story.FirstSeen > SettlingSeconds) _watch.Add(now, story.IsWhole);
        Conservation = Conservation with
        {
            Whole = Conservation.Whole + (story.IsWhole ? 1 : 0),
            Lost = Conservation.Lost + (story.Exit is null ? 1 : 0),
            Appeared = Conservation.Appeared + (story.Entry is null ? 1 : 0),
        };
    }

    private void Give(
        FusedVehicle vehicle, VehicleStory story, VehicleStory.Passed? entry, VehicleStory.Passed? exit, long number, JourneyPart part, ICollection<Journey> journeys)
    {
        story.IsGiven = part != JourneyPart.EntryAhead;
        var origin = _origin!.Value;
        var (vehicleClass, classShare) = vehicle.Class;
        var (colour, colourShare) = vehicle.Colour;
        var seconds = Math.Max(0, (exit?.Time ?? vehicle.SeenAt) - story.FirstSeen);
        var (enters, leaves) = (story.Speed(GateRole.Enters, entry), story.Speed(GateRole.Exits, exit));
        journeys.Add(new Journey(number, entry?.Approach, exit?.Approach, Time(entry), Time(exit), vehicleClass, classShare)
        {
            Colour = colour,
            ColourConfidence = colourShare,
            FirstSeenAt = GateCounter.At(origin, story.FirstSeen),
            LastSeenAt = GateCounter.At(origin, vehicle.SeenAt),
            EnterSpeedKmh = enters?.Kmh,
            LeaveSpeedKmh = leaves?.Kmh,
            SpeedErrorKmh = enters is { } e && leaves is { } l ? Math.Max(e.ErrorKmh, l.ErrorKmh) : (enters ?? leaves)?.ErrorKmh,
            DistanceMetres = story.Way.Metres,
            Stops = story.Way.Stops,
            StoppedSeconds = story.Way.StoppedSeconds,
            DelaySeconds = Math.Max(0, seconds - (story.Way.Metres / (_settings.FreeFlowKmh / 3.6))),
            Cameras = vehicle.Cameras,
            Part = part,
        });

        DateTimeOffset? Time(VehicleStory.Passed? passed) => passed is { } p ? GateCounter.At(origin, p.Time) : null;
    }

    private void Note(double now)
    {
        var watermark = now;
        var inside = 0;
        foreach (var vehicle in _fusion.Vehicles)
        {
            var story = StoryOf(vehicle);
            if (story is { IsTold: false, Entry: not null, Exit: null }) inside++;
            if (story.IsTold) continue;
            // A vehicle that nobody sees may be passing a gate at this very moment; one that is hidden for longer is late after that.
            var earliest = story.IsEntryDoubtful ? now - LookedBackAfterSeconds : story.PendingSince ?? Math.Max(vehicle.SeenAt - NoticedAfterSeconds, now - HoldSeconds);
            watermark = Math.Min(watermark, earliest);
        }

        Conservation = Conservation with { Inside = inside };
        _watch.Forget(now);
        _watermark = Math.Max(_watermark, watermark);
        // Here and not where they are asked for: in a quiet night nobody asks, and what flickers ends by the thousand.
        var forgotten = 0;
        while (forgotten < _ended.Count && _ended[forgotten].EndedAt < _watermark - RememberedSeconds) forgotten++;
        if (forgotten > 0) _ended.RemoveRange(0, forgotten);
    }
}
