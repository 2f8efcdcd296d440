using System.Text.Json;
using OpenCvSharp;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Recordings;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Calibrate;
using TrafficFlow.Node.Count;
using TrafficFlow.Node.Count.Siteless;
using TrafficFlow.Node.Count.Videos;
using TrafficFlow.Node.Mark;
using TrafficFlow.Node.Settings;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Segments;
using TrafficFlow.SystemTests.Support;
using TrafficFlow.SystemTests.Synthetic;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Motion;
using TrafficFlow.Vision.Privacy;
using TrafficFlow.Vision.Recording;
using Xunit;

namespace TrafficFlow.SystemTests.Privacy;

/// <summary>
/// Whoever stands before the camera from the first picture on must not be found in anything that is shown, with every kind of detector: one that
/// sees him and misses him again, one that knows vehicles only, and motion, which never sees who stands.
/// </summary>
public sealed class PrivateStreetTests(Clips clips) : IClassFixture<Clips>
{
    /// <summary>Of 8, by guessing among 34 and by luck with what is left of a shape.</summary>
    private const int Guessed = 3;
    private const double Unreadable = 12;
    private const double Sharp = 60;

    public static TheoryData<string> Detectors => new("motion", "vehicles only", "misses often", "finds late", "doubts");

    [Fact]
    public async Task In_the_source_plate_and_face_are_seen()
    {
        await foreach (var picture in SourceAsync())
        {
            Assert.True(PrivateStreet.Read(picture) >= 7 && PrivateStreet.Stripes(picture) > Sharp, "plate and face cannot be read even there: these tests prove nothing");
        }
    }

    [Theory]
    [MemberData(nameof(Detectors))]
    public async Task In_no_picture_of_the_film(string name)
    {
        var (film, folder) = (clips.PathOf($"{name}.mp4"), clips.PathOf(name));
        var camera = Camera();
        var site = new Site(new SiteId("street"), "Street", TimeZoneInfo.Utc, [], [camera], "");
        var job = new CountJob(
            site, camera, OneFile(camera), new DetectorCatalog("motion", new Dictionary<string, DetectorSettings>()), new CountOptions([camera.Source], folder, film, AsJson: false),
            Detector(name));

        Assert.Equal(0, await job.RunAsync(CancellationToken.None));

        var pictures = await PicturesAsync(film);
        Assert.Equal(PrivateStreet.Frames, pictures.Count);
        for (var i = 0; i < pictures.Count; i++) AssertPrivate(pictures[i], $"{name}, picture {i}");
        Assert.All(pictures, p => Assert.True(PrivateStreet.Traffic(p) > 15, "nothing can be seen any more"));
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "summary.json")));
        var told = Assert.Single(summary.RootElement.GetProperty("pictures").EnumerateArray());
        var isWhole = name is "motion" or "vehicles only";
        Assert.Equal(isWhole ? "whole-picture" : "persons-and-near-vehicles", told.GetProperty("coarsened").GetString());
        Assert.Equal((PrivateStreet.Frames, PrivateStreet.Frames), (told.GetProperty("frames_coarsened").GetInt32(), told.GetProperty("frames").GetInt32()));
        if (!isWhole && name != "doubts") Assert.Equal((1, 1), (told.GetProperty("persons").GetInt32(), told.GetProperty("vehicles").GetInt32()));
    }

    [Theory]
    [MemberData(nameof(Detectors))]
    public async Task In_no_picture_for_marking(string name)
    {
        using var detector = Detector(name);
        using var clip = await MarkedClip.ReadAsync(Camera(), detector, Factory(), CancellationToken.None);

        Assert.Equal(PrivateStreet.Frames, clip.Frames);
        for (var i = 0; i < clip.Frames; i++)
        {
            using var picture = Cv2.ImDecode(clip.Frame(i)!, ImreadModes.Color);
            AssertPrivate(picture, $"{name}, picture {i}");
        }
    }

    [Theory]
    [MemberData(nameof(Detectors))]
    public async Task Not_in_the_picture_of_the_gates(string name)
    {
        using var detector = Detector(name);
        using var look = new FirstPass(Camera(), detector, TimeProvider.System);
        var recording = OneFile(Camera());
        await look.RunAsync(await RecordingSurvey.TakeAsync(recording, CancellationToken.None), recording.Zero, CancellationToken.None);
        using var shown = new ShownPicture();
        shown.Show(look.Scene);

        AssertPrivate(Saved(shown, name), name);
    }

    [Theory]
    [MemberData(nameof(Detectors))]
    public async Task Not_in_the_picture_of_a_calibration(string name)
    {
        foreach (var at in new[] { 0.0, 2.5, 99 })
        {
            using var detector = Detector(name);
            await using var reader = await Factory().OpenAsync(Camera(), CancellationToken.None);
            using var shown = new ShownPicture();
            await StillPicture.TakeAsync(reader, detector, Camera().Frame, at, shown, CancellationToken.None);

            AssertPrivate(Saved(shown, $"{name} {at}"), $"{name} at {at} s");
        }
    }

    /// <summary>
    /// The film again and again, as of a camera that somebody looks at for a while: pictures are coarse as a whole for the first 20 s, and where somebody is from then on. A detector
    /// that cannot tell persons has no other time to come.
    /// </summary>
    [Theory]
    [MemberData(nameof(Detectors))]
    public async Task In_no_picture_of_a_camera_that_somebody_looks_at(string name)
    {
        var clock = new HandClock();
        using var detector = Detector(name);
        using var live = (LivePicture)new LivePictures(clock).Create(Camera(), detector.Identity);
        var detections = new List<Detection>();
        var shown = new List<TakenPicture>();
        var next = live.View.NextAsync();
        var (rounds, pictures) = detector.Identity.KnowsPersons ? (4, 11) : (1, 2);
        for (var round = 0; round < rounds; round++)
        {
            await using var reader = await new FrameReaderFactory(Recording.UndatedStart.AddSeconds(6 * round), FfmpegTimeouts.Default, TimeProvider.System).OpenAsync(Camera(), CancellationToken.None);
            while (await reader.ReadAsync(CancellationToken.None) is { } frame)
            {
                using (frame)
                {
                    detector.Detect(frame, detections);
                    live.Observe(frame, detections);
                }

                clock.Advance(TimeSpan.FromSeconds(1 / PrivateStreet.Rate));
                if (!next.IsCompleted) continue;
                if (await next is var picture && shown.LastOrDefault() != picture) shown.Add(picture);
                next = live.View.NextAsync();
            }
        }

        // One in two seconds, two seconds old.
        Assert.Equal(pictures, shown.Count);
        foreach (var picture in shown)
        {
            using var decoded = Cv2.ImDecode(picture.Jpeg, ImreadModes.Color);
            AssertPrivate(decoded, $"{name}, picture of {picture.Taken:mm:ss.f}");
        }

        if (detector.Identity.KnowsPersons) Assert.True(shown[^1].Jpeg.Length > 1.5 * shown[0].Jpeg.Length, "the street is as coarse after 20 s as at the beginning");
    }

    /// <summary>The same film again and again, recorded: first as a whole, later where somebody is, and the masked corner black.</summary>
    [Theory]
    [MemberData(nameof(Detectors))]
    public async Task In_no_picture_of_a_recording(string name)
    {
        var camera = Camera() with { Masks = [TestCamera.Rectangle(0, 0, 0.1, 0.1)] };
        using var detector = Detector(name);
        var store = new MemorySegments();
        var order = new RecordingOrder(new SiteId("street"), "", RecordedCamera.Always);
        using var recorder = new CameraRecorders(store, TimeProvider.System).Create(camera, detector.Identity, order);
        var detections = new List<Detection>();
        var given = 0;
        var rounds = detector.Identity.KnowsPersons ? 4 : 1;
        for (var round = 0; round < rounds; round++)
        {
            await using var reader = await new FrameReaderFactory(Recording.UndatedStart.AddSeconds(6 * round), FfmpegTimeouts.Default, TimeProvider.System).OpenAsync(camera, CancellationToken.None);
            while (await reader.ReadAsync(CancellationToken.None) is { } frame)
            {
                using (frame)
                {
                    detector.Detect(frame, detections);
                    recorder.Observe(frame, detections);
                }

                given++;
                await TestCamera.UntilAsync(() => given - recorder.Progress.Frames < 45);
            }
        }

        recorder.End();
        Assert.Equal("", await recorder.Completion);
        using var shown = new ShownPicture();
        var at = 0;
        await RecordedCamera.DecodeAsync(Assert.Single(store.Segments), frame =>
        {
            using var picture = Mat.FromPixelData(frame.Frame.Height, frame.Frame.Width, MatType.CV_8UC3, frame.Frame.Address);
            AssertPrivate(picture, $"{name}, frame {at}");
            Assert.True(PrivateStreet.Traffic(picture) > 15, "nothing can be seen any more");
            using var masked = new Mat(picture, new Rect(0, 0, 110, 60));
            Assert.True(Cv2.Mean(masked).Val0 < 12, "the masked corner is seen");
            Assert.Equal(!detector.Identity.KnowsPersons || at < 200 || at >= 220, frame.Indexed!.Marks.HasFlag(IndexedMarks.IsWhole));
            if (at % 50 == 10)
            {
                shown.Show(frame);
                AssertPrivate(Saved(shown, $"recorded {name} {at}"), $"{name}, picture of frame {at}");
            }

            at++;
        });
        Assert.Equal((60 * rounds, 0L), (at, recorder.Progress.Lost));
    }

    [Fact]
    public void A_camera_that_nobody_looks_at_shows_nothing()
    {
        var pool = new FramePool(64 * 36 * 3, 1);
        var pictures = new LivePictures(new HandClock());
        using var live = pictures.Create(Camera() with { Frame = new FrameFormat(64, 36, 10) }, Detector("misses often").Identity);

        for (var i = 0; i < 100; i++)
        {
            using var captured = new CapturedFrame(pool, 64, 36) { EventTime = Recording.UndatedStart.AddSeconds(i / 10.0) };
            using var frame = captured.IntoAnonymized();
            live.Observe(frame, []);
            // A frame that waits to be shown would be lent still.
            Assert.Equal(1, pool.Rented);
        }
    }

    private static void AssertPrivate(Mat picture, string which)
    {
        var (read, stripes) = (PrivateStreet.Read(picture), PrivateStreet.Stripes(picture));
        Assert.True(read <= Guessed, $"{which}: {read} characters of the plate can be read");
        Assert.True(stripes < Unreadable, $"{which}: the face's stripes are seen, {stripes:0} grey levels");
    }

    private Mat Saved(ShownPicture shown, string name)
    {
        var file = clips.PathOf($"{name}.png");
        shown.SavePng(file);
        return Cv2.ImRead(file);
    }

    private CameraSetup Camera() => TestCamera.Setup(PrivateStreet.Film(clips), new FrameFormat(PrivateStreet.Width, PrivateStreet.Height, PrivateStreet.Rate)) with
    {
        Gates = [new Gate(new GateId("g"), new PicturePoint(0.1, 0.4), new PicturePoint(0.9, 0.4), null, null)],
    };

    private static Recording OneFile(CameraSetup camera) => RecordingStart.Of([camera.Source], null, TimeZoneInfo.Utc);

    private static FrameReaderFactory Factory() => new(Recording.UndatedStart, FfmpegTimeouts.Default, TimeProvider.System);

    private async IAsyncEnumerable<Mat> SourceAsync()
    {
        await using var reader = await Factory().OpenAsync(Camera(), CancellationToken.None);
        while (await reader.ReadAsync(CancellationToken.None) is { } frame)
        {
            using (frame)
            {
                using var picture = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, frame.Address);
                yield return picture;
            }
        }
    }

    private static async Task<List<Mat>> PicturesAsync(string film)
    {
        var bytes = await Processes.Tools.DecodeAsync(film, PrivateStreet.Width, PrivateStreet.Height, "bgr24");
        var size = PrivateStreet.Width * PrivateStreet.Height * 3;
        return [.. Enumerable.Range(0, bytes.Length / size).Select(i =>
        {
            using var picture = Mat.FromPixelData(PrivateStreet.Height, PrivateStreet.Width, MatType.CV_8UC3, bytes.AsSpan(i * size, size).ToArray());
            return picture.Clone();
        })];
    }

    private static IVehicleDetector Detector(string name) => name switch
    {
        "motion" => new MotionDetector(new FrameFormat(PrivateStreet.Width, PrivateStreet.Height, PrivateStreet.Rate), MotionSettings.Default),
        "vehicles only" => new ScriptedDetector(knowsPersons: false, _ => 0.9f),
        "misses often" => new ScriptedDetector(knowsPersons: true, i => i % 17 is 5 or 6 ? 0.9f : 0),
        "finds late" => new ScriptedDetector(knowsPersons: true, i => i >= PrivateStreet.Frames - 8 ? 0.9f : 0),
        "doubts" => new ScriptedDetector(knowsPersons: true, i => i % 4 == 1 ? 0.25f : 0),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    /// <summary>A network that finds car and person with a given score in each frame, its boxes a little too small.</summary>
    private sealed class ScriptedDetector(bool knowsPersons, Func<long, float> score) : IVehicleDetector
    {
        public DetectorIdentity Identity { get; } = new("scripted", "1", new ScoreBands(0.15f, 0.45f, 0.45f), knowsPersons);

        public void Detect(AnonymizedFrame frame, List<Detection> detections)
        {
            detections.Clear();
            var sure = score(frame.Index);
            if (sure == 0) return;
            detections.Add(new Detection(Smaller(PrivateStreet.Car), Math.Max(sure, 0.45f), VehicleClass.PassengerCar));
            if (knowsPersons) detections.Add(new Detection(Smaller(PrivateStreet.Person), sure, VehicleClass.Unclassified, DetectedKind.Person));
        }

        public void Dispose()
        {
        }

        private static Box Smaller(Box box) => new(box.X + (0.1f * box.Width), box.Y + (0.1f * box.Height), 0.8f * box.Width, 0.8f * box.Height);
    }
}
