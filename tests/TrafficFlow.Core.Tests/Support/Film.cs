using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking;
using Found = TrafficFlow.Core.Detection.Detection;

namespace TrafficFlow.Core.Tests.Support;

/// <summary>What a camera sees of one thing at a time in seconds; null while it sees nothing of it.</summary>
internal delegate Found? Seen(double time);

/// <summary>A scripted scene run through the pipeline, with everything that came out of it.</summary>
internal sealed class Film
{
    public const int Width = 640;
    public const int Height = 360;
    public static readonly ScoreBands Scores = new(0.1f, 0.5f, 0.5f);
    public static readonly DateTimeOffset Origin = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);

    public List<Crossing> Crossings { get; } = [];

    public List<FlowPassage> Passages { get; } = [];

    public List<DateTimeOffset> Watermarks { get; } = [];

    /// <summary>Crossings that came out after a watermark beyond their time.</summary>
    public List<Crossing> Late { get; } = [];

    /// <summary>The confirmed tracks of each frame.</summary>
    public List<TrackView[]> Frames { get; } = [];

    public IEnumerable<long> Tracks => Frames.SelectMany(f => f).Select(t => t.Number).Distinct();

    public static Film Run(double seconds, double framesPerSecond, Gate[] gates, params Seen[] things) =>
        Run(seconds, framesPerSecond, Camera(framesPerSecond, gates), things);

    public static Film Run(double seconds, double framesPerSecond, CameraSetup camera, params Seen[] things)
    {
        var film = new Film();
        var pipeline = new CameraPipeline(camera, Scores);
        var (output, found) = (new PipelineOutput(), new List<Found>());
        for (var frame = 0; frame <= seconds * framesPerSecond; frame++)
        {
            var time = frame / framesPerSecond;
            found.Clear();
            foreach (var thing in things)
            {
                if (thing(time) is { } detection) found.Add(detection);
            }

            pipeline.Process(At(time), found, output);
            film.Take(output);
        }

        pipeline.Finish(output);
        film.Take(output);
        return film;
    }

    public static Film Run(double seconds, double framesPerSecond, Gate gate, params Seen[] things) =>
        Run(seconds, framesPerSecond, [gate], things);

    public static CameraSetup Camera(double framesPerSecond, params Gate[] gates) => new(
        new CameraId("cam1"), "", new FrameFormat(Width, Height, framesPerSecond), "motion", [], gates, []);

    public static DateTimeOffset At(double time) => Origin + TimeSpan.FromSeconds(time);

    /// <summary>A gate between two points in pixels.</summary>
    public static Gate Gate(string id, double fromX, double fromY, double toX, double toY) => new(
        new GateId(id), new PicturePoint(fromX / Width, fromY / Height), new PicturePoint(toX / Width, toY / Height));

    /// <summary>A gate over the whole picture at a height in pixels, drawn left to right.</summary>
    public static Gate Across(double y, string id = "g") => Gate(id, 0, y, Width, y);

    /// <summary>A car whose ground point, the bottom centre of its box, is at the given place.</summary>
    public static Found Car(double x, double ground, float score = 0.9f, double width = 50, double height = 40) => new(
        new Box((float)(x - (width / 2)), (float)(ground - height), (float)width, (float)height), score, VehicleClass.PassengerCar);

    /// <summary>The crossings as short text: gate, direction, whole seconds.</summary>
    public string Summary() => string.Join(", ", Crossings.Select(c => $"{c.Gate} {c.Direction} {Math.Round(Seconds(c))}"));

    public static double Seconds(Crossing crossing) => (crossing.Time - Origin).TotalSeconds;

    /// <summary>The track that holds a place in a frame; null where none does.</summary>
    public long? TrackAt(int frame, double x, double ground)
    {
        foreach (var track in Frames[frame])
        {
            if (Math.Abs(track.Box.CenterX - x) < 15 && Math.Abs(track.Box.Bottom - ground) < 15) return track.Number;
        }

        return null;
    }

    private void Take(PipelineOutput output)
    {
        Late.AddRange(output.Crossings.Where(c => Watermarks.Exists(w => w > c.Time)));
        Crossings.AddRange(output.Crossings);
        Passages.AddRange(output.Passages);
        Watermarks.Add(output.Watermark);
        Frames.Add([.. output.Tracks]);
    }
}
