using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking;

namespace TrafficFlow.Core.Privacy;

/// <summary>
/// Remembers every person and every near vehicle that was seen in one camera's frames, also those that the detector is too unsure of to
/// count, and tells for each frame what must be coarse when it is shown. Asked for the newest frame it holds what is missed at its place and on
/// its predicted way; asked for an earlier one it knows what was seen afterwards too. Pure: no clock, no I/O.
/// </summary>
public sealed class PrivacyWatch
{
    /// <summary>
    /// A plate is at most a third of a vehicle's width and has seven characters or more. On a narrower vehicle they are two pixels wide:
    /// nobody can read them.
    /// </summary>
    private const float UnreadableWidth = 48;

    // Seen whole and from the front a car is about as high as wide, and a person three times as high.
    private const float VehicleWidthByHeight = 1.3f;
    private const float PersonWidthByHeight = 0.33f;

    private readonly DetectorIdentity _detector;
    private readonly FrameFormat _frame;
    private readonly PrivacySettings _settings;
    private readonly List<Subject> _subjects = [];
    private readonly List<(Subject Subject, Box Box)> _open = [];
    private readonly List<Box> _surer = [];
    private DateTimeOffset? _origin;

    public PrivacyWatch(DetectorIdentity detector, FrameFormat frame, PrivacySettings? settings = null)
    {
        (_detector, _frame, _settings) = (detector, frame, settings ?? PrivacySettings.Default);
        Record = new CoarseningRecord(detector, !detector.KnowsPersons);
    }

    /// <summary>What was coarsened in the pictures that <see cref="At"/> was asked for.</summary>
    public CoarseningRecord Record { get; }

    /// <summary>How far pictures of a file should stay behind what was looked at.</summary>
    public TimeSpan Horizon => TimeSpan.FromSeconds(_settings.HorizonSeconds);

    /// <param name="time">Event time of the frame that was looked at, later than the last.</param>
    /// <param name="detections">Of this frame, the unsure ones too.</param>
    /// <param name="tracks">That are in the picture: those that this frame's detections missed are held where they are predicted.</param>
    /// <param name="riders">The same of cycles.</param>
    public void Observe(DateTimeOffset time, IReadOnlyList<Detection.Detection> detections, IReadOnlyList<TrackView> tracks, IReadOnlyList<TrackView> riders)
    {
        var seconds = SecondsOf(time);
        _open.Clear();
        foreach (var subject in _subjects)
        {
            if (subject.Expected(seconds) is { } expected) _open.Add((subject, expected));
        }

        _surer.Clear();
        // The surest first, so that it continues the subject that it fits.
        foreach (var detection in detections.OrderByDescending(d => d.Score))
        {
            var (kind, isSure) = (KindOf(detection), detection.Score >= _detector.Scores.High);
            if (!isSure && !IsCredible(detection)) continue;
            if (!isSure && kind == SubjectKind.Person && IsVehicleToldTwice(detection.Box)) continue;
            if (kind == SubjectKind.Vehicle) _surer.Add(detection.Box);
            See(seconds, detection.Box, kind, isSure);
        }

        foreach (var track in tracks) Hold(seconds, track, track.Class == VehicleClass.Motorcycle ? SubjectKind.Person : SubjectKind.Vehicle);
        foreach (var rider in riders) Hold(seconds, rider, SubjectKind.Person);
    }

    /// <summary>What must be coarse in the frame of this time. Frames are asked for in order of time; what only earlier ones need is forgotten.</summary>
    /// <param name="isWhole">Too little was seen so far to know who is there: all of the picture, whatever the detector knows.</param>
    public PictureAreas At(DateTimeOffset time, bool isWhole = false)
    {
        var seconds = SecondsOf(time);
        var areas = new List<PrivateArea>();
        for (var s = _subjects.Count - 1; s >= 0; s--)
        {
            var subject = _subjects[s];
            if (seconds - subject.Last > _settings.HorizonSeconds)
            {
                _subjects.RemoveAt(s);
                continue;
            }

            if (subject.At(seconds) is { } box && AreaOf(box, subject.Kind) is { } area)
            {
                areas.Add(area);
                Record.Count(subject);
            }

            subject.Forget(seconds - _settings.BlendSeconds);
        }

        Record.CountFrame(areas.Count > 0);
        return new PictureAreas(time, isWhole || Record.IsWhole, areas);
    }

    private void See(double seconds, Box box, SubjectKind kind, bool isSure)
    {
        var (best, nearest) = (-1, 0f);
        for (var s = 0; s < _open.Count; s++)
        {
            var (known, expected) = _open[s];
            if (known.Kind != kind) continue;
            var overlap = expected.IntersectionOverUnion(box);
            // A second box in one frame is the same subject only where it hardly differs: a box around two must not make one of them.
            if (overlap > nearest && overlap >= (known.Last >= seconds ? _settings.SecondBox : _settings.SameSubject)) (best, nearest) = (s, overlap);
        }

        var subject = best >= 0 ? _open[best].Subject : new Subject(kind, _settings);
        subject.See(seconds, box, isSure);
        if (best >= 0)
        {
            _open[best] = (subject, box);
            return;
        }

        _subjects.Add(subject);
        _open.Add((subject, box));
    }

    /// <summary>
    /// A network doubts of many things, and some of them fill half the picture where nothing is. What would hide much must be the likelier: at a
    /// score of 0.15 a person of a third of the picture's height passes, at 0.3 one of two thirds.
    /// </summary>
    private bool IsCredible(in Detection.Detection detection) => detection.Box.Area <= detection.Score * detection.Score * _frame.Width * _frame.Height;

    /// <summary>What is more surely a vehicle, and as large, is coarse as one: a lorry must not become the three blocks of a person.</summary>
    private bool IsVehicleToldTwice(Box person)
    {
        foreach (var vehicle in _surer)
        {
            if (vehicle.IntersectionOverUnion(person) >= _settings.SecondBox) return true;
        }

        return false;
    }

    private void Hold(double seconds, in TrackView track, SubjectKind kind)
    {
        if (!track.IsSeen) See(seconds, track.Box, kind, isSure: false);
    }

    private PrivateArea? AreaOf(Box box, SubjectKind kind)
    {
        var margin = (float)(kind == SubjectKind.Person ? _settings.PersonMargin : _settings.VehicleMargin);
        var width = MathF.Max(box.Width, box.Height * (kind == SubjectKind.Person ? PersonWidthByHeight : VehicleWidthByHeight));
        if (kind == SubjectKind.Vehicle && width <= UnreadableWidth) return null;
        var wider = new Box(box.X - (margin * box.Width), box.Y - (margin * box.Height), (1 + (2 * margin)) * box.Width, (1 + (2 * margin)) * box.Height);
        var seen = wider.ClipTo(_frame.Width, _frame.Height);
        return seen.Width >= 1 && seen.Height >= 1 ? new PrivateArea(seen, kind, width) : null;
    }

    /// <summary>On a motorcycle the rider is seen as much as the vehicle.</summary>
    private static SubjectKind KindOf(in Detection.Detection detection) =>
        detection.Kind == DetectedKind.Vehicle && detection.Class != VehicleClass.Motorcycle ? SubjectKind.Vehicle : SubjectKind.Person;

    private double SecondsOf(DateTimeOffset time) => (time - (_origin ??= time)).TotalSeconds;
}
