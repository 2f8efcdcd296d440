using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using OpenCvSharp;

namespace TrafficFlow.Benchmarks.Pipeline;

/// <summary>
/// What a careful programmer writes who only wants numbers out of YOLOX-nano: buffers made once, preprocessing in vectorised calls, the
/// output left unread. It shares no code with the product's detector, whose losses would else hide in both sides of the ratio.
/// </summary>
internal sealed class BareModel : IDisposable
{
    private const int Side = 416;
    private const float Border = 114;

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly float[] _input = GC.AllocateUninitializedArray<float>(3 * Side * Side, pinned: true);
    private readonly float[] _output;
    private readonly OrtValue _inputValue;
    private readonly OrtValue _outputValue;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly Mat _small;
    private readonly Mat[] _colours;
    private readonly Mat[] _planes;

    public BareModel(InferenceSession session, int frameWidth, int frameHeight)
    {
        _session = session;
        var (inputName, _) = session.InputMetadata.Single();
        var (outputName, output) = session.OutputMetadata.Single();
        (_inputNames, _outputNames) = ([inputName], [outputName]);
        _inputValue = OrtValue.CreateTensorValueFromMemory(_input, [1, 3, Side, Side]);
        _output = GC.AllocateUninitializedArray<float>(output.Dimensions.Aggregate(1, (a, b) => a * b), pinned: true);
        _outputValue = OrtValue.CreateTensorValueFromMemory(_output, [.. output.Dimensions.Select(d => (long)d)]);
        _input.AsSpan().Fill(Border);

        var scale = Math.Min((double)Side / frameWidth, (double)Side / frameHeight);
        var (width, height) = ((int)Math.Round(frameWidth * scale), (int)Math.Round(frameHeight * scale));
        _small = new Mat(height, width, MatType.CV_8UC3);
        _colours = [.. Enumerable.Range(0, 3).Select(_ => new Mat(height, width, MatType.CV_8UC1))];
        _planes = [.. Enumerable.Range(0, 3).Select(c => Plane(c, width, height))];
    }

    /// <param name="threads">As the product sets it for the same number of cameras.</param>
    public static InferenceSession Load(string path, int threads)
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return new InferenceSession(path, options);
    }

    public void Prepare(Mat picture)
    {
        Cv2.Resize(picture, _small, _small.Size());
        for (var c = 0; c < _planes.Length; c++)
        {
            Cv2.ExtractChannel(_small, _colours[c], c);
            _colours[c].ConvertTo(_planes[c], MatType.CV_32FC1);
        }
    }

    public void Infer() => _session.Run(_run, _inputNames, [_inputValue], _outputNames, [_outputValue]);

    public void Dispose()
    {
        foreach (var mat in _planes.Concat(_colours).Append(_small)) mat.Dispose();
        _inputValue.Dispose();
        _outputValue.Dispose();
        _run.Dispose();
    }

    private Mat Plane(int channel, int width, int height)
    {
        using var whole = Mat.FromPixelData(3 * Side, Side, MatType.CV_32FC1, Marshal.UnsafeAddrOfPinnedArrayElement(_input, 0));
        return new Mat(whole, new Rect(0, channel * Side, width, height));
    }
}
