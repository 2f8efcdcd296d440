using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Support;
using TrafficFlow.Vision.Privacy;
using TrafficFlow.Vision.Recording;

namespace TrafficFlow.SystemTests.Segments;

/// <summary>A camera whose frames a test gives to a recorder, in real encoders and a store in memory.</summary>
internal sealed class RecordedCamera(FrameFormat format)
{
    public static readonly DateTimeOffset Morning = new(2026, 4, 1, 8, 0, 0, TimeSpan.FromHours(9));
    public static readonly DetectorIdentity Detector = new("test", "1a2b", new ScoreBands(0.15f, 0.45f, 0.45f), KnowsPersons: true);
    public static readonly RecordingSettings Always = new(new RecordingPlan(RecordingMode.On, TimeZoneInfo.Utc));

    /// <summary>Fits without a wait.</summary>
    private const int Ahead = 45;

    private int _given;

    public MemorySegments Store { get; } = new();

    public FramePool Pool { get; } = new(format.ByteCount, 64);

    public CameraSetup Camera { get; } = new(new CameraId("cam1"), "rtsp://camera/1", format, "default", [], [], []);

    public RecordingOrder Order { get; init; } = new(new SiteId("kokandori"), "0123456789abcdef", Always);

    /// <summary>Pictures that no encoder makes small.</summary>
    public bool IsNoise { get; init; }

    public CameraRecorders Factory(RecorderLimits? limits = null) => new(Store, TimeProvider.System) { Limits = limits ?? new RecorderLimits() };

    public ICameraRecorder Start(RecorderLimits? limits = null) => Factory(limits).Create(Camera, Detector, Order);

    /// <summary>Frames at these times, no faster than they are recorded.</summary>
    public async Task GiveAsync(ICameraRecorder recorder, IEnumerable<DateTimeOffset> times, Func<int, IReadOnlyList<Detection>?>? detections = null, bool waits = true)
    {
        foreach (var time in times)
        {
            var number = _given++;
            if (waits) await TestCamera.UntilAsync(() => recorder.Completion.IsCompleted || Pool.Rented < Ahead);
            Give(recorder, time, detections is null ? [Car(number)] : detections(number), number);
        }
    }

    public void Give(ICameraRecorder recorder, DateTimeOffset time, IReadOnlyList<Detection>? detections, int number)
    {
        using var captured = new CapturedFrame(Pool, format.Width, format.Height) { EventTime = time, Index = number };
        if (IsNoise) Random.Shared.NextBytes(captured.Buffer);
        else for (var i = 0; i < captured.Buffer.Length; i++) captured.Buffer[i] = (byte)(((i / 3 % format.Width) + (number * 2)) & 0xff);
        using var frame = captured.IntoAnonymized();
        recorder.Observe(frame, detections);
    }

    public static Detection Car(int number) => new(new Box(number % 40, 10.25f, 22, 14.5f), 0.75f, VehicleClass.PassengerCar);

    public IEnumerable<DateTimeOffset> Times(int count, DateTimeOffset? from = null) => Enumerable.Range(0, count).Select(i => (from ?? Morning).AddSeconds(i / format.FramesPerSecond));

    /// <summary>Decodes a segment; disposes of each frame behind <paramref name="look"/>.</summary>
    public static async Task<List<(DateTimeOffset Time, IndexedFrame? Indexed)>> DecodeAsync(MemorySegments.Segment segment, Action<RecordedFrame>? look = null)
    {
        using var bytes = new MemoryStream(segment.Bytes);
        await using var frames = await SegmentFrames.OpenAsync(bytes, segment.Start, CancellationToken.None);
        var decoded = new List<(DateTimeOffset, IndexedFrame?)>();
        await foreach (var frame in frames.ReadAsync(CancellationToken.None))
        {
            using (frame)
            {
                decoded.Add((frame.Frame.EventTime, frame.Indexed));
                look?.Invoke(frame);
            }
        }

        Xunit.Assert.Equal(0, frames.Rented);
        return decoded;
    }
}
