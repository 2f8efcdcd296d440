using System.Security.Cryptography;
using Microsoft.ML.OnnxRuntime;
using TrafficFlow.Core.Detection;

namespace TrafficFlow.Vision.Onnx;

/// <summary>A loaded model file, checked against what we can read. Shared by all cameras that use it; inference is thread-safe.</summary>
public sealed class OnnxModel : IDisposable
{
    private OnnxModel(
        OnnxModelSettings settings, InferenceSession session, OnnxShape shape, OnnxLayout layout, string version, int threads, InferenceQueue queue)
    {
        Settings = settings;
        Session = session;
        Shape = shape;
        Layout = layout;
        Classes = OnnxLayouts.Classes(layout, shape);
        ClassMap = settings.Classes ?? OnnxDefaults.ClassMap(layout, Classes) ?? throw new DetectorException(
            $"{settings.Path}: the model knows {Classes} classes and there is no default map for that: "
            + $"write trafficflow.detectors.{settings.Name}.classes, for example {{ \"0\" = passenger-car }}");
        if (ClassMap.Keys.Where(k => k < 0 || k >= Classes).Order().ToList() is { Count: > 0 } outside)
        {
            throw new DetectorException(
                $"{settings.Path}: class {string.Join(", ", outside)} is mapped, but the model's classes are 0 to {Classes - 1}: "
                + $"correct trafficflow.detectors.{settings.Name}.classes");
        }

        Threads = threads;
        Queue = queue;
        var high = settings.Threshold ?? OnnxDefaults.Threshold(layout, Classes);
        Identity = new DetectorIdentity(
            settings.Name, version, Bands(high), ClassMap.Values.Any(m => m.Kind == DetectedKind.Person)) { Note = settings.Embedded?.Note };
    }

    public OnnxModelSettings Settings { get; }
    public OnnxShape Shape { get; }
    public OnnxLayout Layout { get; }
    public int Classes { get; }
    public IReadOnlyDictionary<int, ClassMeaning> ClassMap { get; }
    public DetectorIdentity Identity { get; }

    /// <summary>It knows more than one kind of vehicle.</summary>
    public bool TellsVehiclesApart => ClassMap.Values.Where(m => m.Kind == DetectedKind.Vehicle).DistinctBy(m => m.Class).Skip(1).Any();

    internal InferenceSession Session { get; }

    /// <summary>Threads of one inference.</summary>
    internal int Threads { get; }

    internal InferenceQueue Queue { get; }

    /// <param name="cameras">How many cameras will use the model at once: the cores are shared out over them.</param>
    /// <param name="queue">In which it waits beside other models; null where it is the only one.</param>
    /// <exception cref="DetectorException">The file is missing, is no model, or has none of the layouts that we can read.</exception>
    public static OnnxModel Load(OnnxModelSettings settings, int cameras, InferenceQueue? queue = null)
    {
        var threads = settings.Threads ?? Math.Max(1, Environment.ProcessorCount / Math.Max(1, cameras));
        var bytes = settings.Embedded?.Read() ?? FileOf(settings);
        InferenceSession session;
        try
        {
            session = new InferenceSession(bytes, Options(threads));
        }
        catch (OnnxRuntimeException e)
        {
            throw new DetectorException(
                $"{settings.Path}: not an ONNX model that can be loaded (detector {settings.Name}): expected an .onnx file of one of the layouts "
                + $"{OnnxLayouts.Known}; found {bytes.Length} bytes that ONNX Runtime refuses: {e.Message}",
                e);
        }
        catch (TypeInitializationException e) when (MissingLibrary.Describe(e) is { } missing)
        {
            throw new DetectorException(missing, e);
        }

        try
        {
            var shape = ShapeOf(session, settings);
            var layout = settings.Layout ?? OnnxLayouts.Recognise(shape) ?? throw new DetectorException(
                $"{settings.Path}: the model's layout is not known (detector {settings.Name}): expected {OnnxLayouts.Known}; found {shape}");
            if (!OnnxLayouts.Fits(layout, shape))
            {
                throw new DetectorException(
                    $"{settings.Path}: the model does not have the layout that the settings name (detector {settings.Name}): "
                    + $"expected {layout} of {OnnxLayouts.Known}; found {shape}");
            }

            return new OnnxModel(settings, session, shape, layout, VersionOf(bytes), threads, queue ?? new InferenceQueue());
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

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

    private static OnnxShape ShapeOf(InferenceSession session, OnnxModelSettings settings)
    {
        if (session.InputMetadata.Count != 1 || session.OutputMetadata.Count != 1)
        {
            throw new DetectorException(
                $"{settings.Path}: expected one input and one output (detector {settings.Name}): {OnnxLayouts.Known}; found inputs "
                + $"{string.Join(", ", session.InputMetadata.Keys)} and outputs {string.Join(", ", session.OutputMetadata.Keys)}");
        }

        var (inputName, input) = session.InputMetadata.Single();
        var (outputName, output) = session.OutputMetadata.Single();
        var shape = new OnnxShape(inputName, input.Dimensions, outputName, output.Dimensions);
        if (input.ElementType != typeof(float) || output.ElementType != typeof(float))
        {
            throw new DetectorException(
                $"{settings.Path}: expected float32 tensors (detector {settings.Name}); found {input.ElementType.Name} -> {output.ElementType.Name}: "
                + "export the model in float32");
        }

        return shape;
    }

    private static byte[] FileOf(OnnxModelSettings settings)
    {
        if (!File.Exists(settings.Path))
        {
            throw new DetectorException(
                $"{settings.Path}: no such model file (detector {settings.Name}): correct trafficflow.detectors.{settings.Name}.model, "
                + "or use detector = default, which needs none");
        }

        var bytes = File.ReadAllBytes(settings.Path);
        var found = Sha256(bytes);
        if (settings.Sha256 is not { } expected || string.Equals(expected, found, StringComparison.OrdinalIgnoreCase)) return bytes;
        throw new DetectorException(
            $"{settings.Path}: the model is damaged or of another version (detector {settings.Name}): expected SHA-256 {expected}, found {found} "
            + $"of {bytes.Length} bytes: fetch it again, or correct trafficflow.detectors.{settings.Name}.sha256");
    }

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string VersionOf(byte[] bytes) => Sha256(bytes)[..12];
}
