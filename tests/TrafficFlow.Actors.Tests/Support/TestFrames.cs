using System.Threading.Channels;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Actors.Tests.Support;

/// <summary>A source whose frames, end and failures the test gives.</summary>
internal sealed class TestReader(bool isLive, FramePool pool) : IFrameReader
{
    private readonly Channel<Func<AnonymizedFrame?>> _given = Channel.CreateUnbounded<Func<AnonymizedFrame?>>();
    private long _index;
    private int _outstanding;

    public bool IsLive => isLive;
    public long Dropped { get; set; }
    public long? ExpectedFrames => null;
    public int MostOutstanding { get; private set; }

    /// <summary>Closing takes until then.</summary>
    public Task CanEnd { get; set; } = Task.CompletedTask;

    public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TestReader Frames(DateTimeOffset from, int count, double fps = 10)
    {
        for (var i = 0; i < count; i++) Frame(from + TimeSpan.FromSeconds(i / fps));
        return this;
    }

    public TestReader Frame(DateTimeOffset time)
    {
        var index = _index++;
        _given.Writer.TryWrite(() => new AnonymizedFrame(pool, pool.Rent(), 64, 48, index, time));
        return this;
    }

    public TestReader End()
    {
        _given.Writer.TryWrite(() => null);
        return this;
    }

    public TestReader Fail(FrameSourceFailure failure, string message)
    {
        _given.Writer.TryWrite(() => throw new FrameSourceException(failure, message, _index));
        return this;
    }

    public async ValueTask<AnonymizedFrame?> ReadAsync(CancellationToken cancellation)
    {
        MostOutstanding = Math.Max(MostOutstanding, Interlocked.Increment(ref _outstanding));
        try
        {
            return (await _given.Reader.ReadAsync(cancellation).ConfigureAwait(false))();
        }
        finally
        {
            Interlocked.Decrement(ref _outstanding);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CanEnd.ConfigureAwait(false);
        Disposed.TrySetResult();
    }
}

/// <summary>Opens what the test has prepared, in turn; then nothing any more.</summary>
internal sealed class TestReaders : IFrameReaderFactory
{
    private readonly Channel<Func<IFrameReader>> _prepared = Channel.CreateUnbounded<Func<IFrameReader>>();

    public FramePool Pool { get; } = new(64 * 48 * 3, 16);
    public int Opened { get; private set; }

    public TestReader Live() => Add(new TestReader(true, Pool));

    public TestReader File() => Add(new TestReader(false, Pool));

    public void Refuse(FrameSourceFailure failure, string message) =>
        _prepared.Writer.TryWrite(() => throw new FrameSourceException(failure, message));

    public async ValueTask<IFrameReader> OpenAsync(CameraSetup camera, CancellationToken cancellation)
    {
        Opened++;
        return (await _prepared.Reader.ReadAsync(cancellation).ConfigureAwait(false))();
    }

    private TestReader Add(TestReader reader)
    {
        _prepared.Writer.TryWrite(() => reader);
        return reader;
    }
}

/// <summary>Sees one car in each cycle of 30 frames, driving down through the gate in the middle; a new one each cycle.</summary>
internal sealed class CarEachThreeSeconds : IVehicleDetectorFactory
{
    public const int FramesPerCar = 30;

    public static readonly DetectorIdentity Identity = new("test", "1", new ScoreBands(0.1f, 0.5f, 0.6f), false);

    public Func<AnonymizedFrame, bool> Fails { get; init; } = _ => false;

    public IVehicleDetector Create(CameraSetup camera) => new Detector(Fails);

    private sealed class Detector(Func<AnonymizedFrame, bool> fails) : IVehicleDetector
    {
        public DetectorIdentity Identity => CarEachThreeSeconds.Identity;

        public void Detect(AnonymizedFrame frame, List<Detection> detections)
        {
            detections.Clear();
            if (fails(frame)) throw new InvalidOperationException("the model choked");
            var step = (int)(frame.Index % FramesPerCar);
            if (step < 20) detections.Add(new Detection(new Box(26, (step * 2) - 2, 10, 8), 0.9f, VehicleClass.PassengerCar));
        }

        public void Dispose()
        {
        }
    }
}
