using System.Security.Cryptography;
using Microsoft.ML.OnnxRuntime;
using TrafficFlow.Core.Detection;
using TrafficFlow.Vision.Onnx.Recognition;

namespace TrafficFlow.Vision.Onnx;

/// <summary>A loaded model file, checked against what we can read. Shared by all cameras that use it; inference is thread-safe.</summary>
public sealed class OnnxModel : IDisposable
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);

    private OnnxModel(
        OnnxModelSettings settings,
        InferenceSession session,
        (OnnxLayout Layout, OnnxShape Shape, OnnxMetadata Metadata) found,
        string version,
        int threads,
        InferenceQueue queue)
    {
        Settings = settings;
        Session = session;
        (Layout, Shape, _) = found;
        (Classes, ClassMap, GuessedClasses) = OnnxClasses.Of(settings, Layout, Shape, found.Metadata);
        if (ClassMap.Keys.Where(k => k < 0 || k >= Classes).Order().ToList() is { Count: > 0 } outside)
        {
            throw new DetectorException(
                $"{settings.Path}: class {string.Join(", ", outside)} is mapped, but the model's classes are 0 to {Classes - 1}: "
                + $"correct trafficflow.detectors.{settings.Name}.classes");
        }

        Threads = threads;
        Queue = queue;
        var high = settings.Threshold ?? OnnxDefaults.Threshold(Layout, Classes);
        Identity = new DetectorIdentity(
            settings.Name, version, Bands(high), ClassMap.Values.Any(m => m.Kind == DetectedKind.Person))
        { Note = settings.Embedded?.Note };
    }

    public OnnxModelSettings Settings { get; }
    public OnnxShape Shape { get; }
    public OnnxLayout Layout { get; }
    public int Classes { get; }
    public IReadOnlyDictionary<int, ClassMeaning> ClassMap { get; }
    public DetectorIdentity Identity { get; }

    /// <summary>It knows more than one kind of vehicle.</summary>
    public bool TellsVehiclesApart => ClassMap.Values.Where(m => m.Kind == DetectedKind.Vehicle).DistinctBy(m => m.Class).Skip(1).Any();

    /// <summary>Neither the file nor the settings say what its class numbers mean, nor how many there are: COCO's are supposed.</summary>
    internal bool GuessedClasses { get; }

    internal InferenceSession Session { get; }

    /// <summary>Threads of one inference.</summary>
    internal int Threads { get; }

    internal InferenceQueue Queue { get; }

    /// <param name="cameras">How many cameras will use the model at once: the cores are shared out over them.</param>
    /// <param name="queue">In which it waits beside other models; null where it is the only one.</param>
    /// <exception cref="DetectorException">
    /// The file is missing, is no model, names other files or foreign operators, has none of the layouts that we can read, or takes too long.
    /// </exception>
    public static OnnxModel Load(OnnxModelSettings settings, int cameras, InferenceQueue? queue = null)
    {
        var limit = new CancellationTokenSource(settings.LoadsWithin);
        // On a thread that can be left behind: the runtime looks at the limit between operators only, and one operator may take for ever.
        var loading = Task.Factory.StartNew(() => Load(settings, cameras, queue, limit.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (!((IAsyncResult)loading).AsyncWaitHandle.WaitOne(settings.LoadsWithin + s_grace))
        {
            loading.ContinueWith(late => late.GetAwaiter().GetResult().Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw TooSlow(settings);
        }

        limit.Dispose();
        return loading.GetAwaiter().GetResult();
    }

    private static OnnxModel Load(OnnxModelSettings settings, int cameras, InferenceQueue? queue, CancellationToken limit)
    {
        var threads = settings.Threads ?? Math.Max(1, Environment.ProcessorCount / Math.Max(1, cameras));
        var bytes = settings.Embedded?.Read() ?? ReadFile(settings);
        var sum = Convert.ToHexStringLower(SHA256.HashData(bytes));
        InferenceSession session;
        try
        {
            using var options = Options(threads);
            using var stopping = limit.Register(() => options.SetLoadCancellationFlag(true));
            session = new InferenceSession(bytes, options);
        }
        catch (OnnxRuntimeException e)
        {
            if (limit.IsCancellationRequested) throw TooSlow(settings, e);
            throw new DetectorException(
                $"{settings.Path}: not an ONNX model that can be loaded (detector {settings.Name}): ONNX Runtime refuses it: {e.Message}\n"
                + $"  {OnnxRefusals.OfRuntime(e.Message)}",
                e);
        }
        catch (TypeInitializationException e) when (MissingLibrary.Describe(e) is { } missing)
        {
            throw new DetectorException(missing, e);
        }

        try
        {
            var model = new OnnxModel(settings, session, OnnxRecognition.Of(session, settings), sum[..12], threads, queue ?? new InferenceQueue());
            OnnxTrial.Check(model, limit);
            return model;
        }
        catch (OnnxRuntimeException e) when (limit.IsCancellationRequested)
        {
            session.Dispose();
            throw TooSlow(settings, e);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static DetectorException TooSlow(OnnxModelSettings settings, Exception? cause = null) => new(
        $"{settings.Path}: not loaded within {settings.LoadsWithin.TotalSeconds:0.###} s (detector {settings.Name}): it is too large for this machine, or made to keep it busy: take a smaller model",
        cause!);

    public void Dispose() => Session.Dispose();

    /// <summary>
    /// The second association lives on detections well below the sure ones: an occluded vehicle's score drops to a third before it
    /// vanishes. A track begins only from a sure one.
    /// </summary>
    private static ScoreBands Bands(float high) => new(high / 3, high, high);

    private static SessionOptions Options(int threads)
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // Waiting threads that spin take the cores from the other cameras and from ffmpeg.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
    }

    /// <returns>The file, looked at and of the SHA-256 that it must have.</returns>
    private static byte[] ReadFile(OnnxModelSettings settings)
    {
        if (!File.Exists(settings.Path))
        {
            throw new DetectorException(
                $"{settings.Path}: no such model file (detector {settings.Name}): correct trafficflow.detectors.{settings.Name}.model, "
                + "or use detector = default, which needs none");
        }

        var bytes = OnnxFile.Read(settings.Path, settings.Name);
        var found = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (settings.Sha256 is { } expected && !string.Equals(expected, found, StringComparison.OrdinalIgnoreCase))
        {
            throw new DetectorException(
                $"{settings.Path}: the model is damaged or of another version (detector {settings.Name}): expected SHA-256 {expected}, found {found} "
                + $"of {bytes.Length} bytes: fetch it again, or correct trafficflow.detectors.{settings.Name}.sha256");
        }

        OnnxFile.Check(settings.Path, settings.Name, bytes);
        return bytes;
    }
}
