using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using OpenCvSharp;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;

namespace TrafficFlow.Vision.Onnx;

/// <summary>One camera's use of a model: its own input and output buffers, made once; the model itself is shared.</summary>
public sealed class OnnxDetector : IVehicleDetector
{
    private const float OverlapLimit = 0.55f;

    private static readonly (float Mean, float Deviation)[] NanoDetNormalisation = [(103.53f, 57.375f), (116.28f, 57.12f), (123.675f, 58.395f)];

    private readonly OnnxModel _model;
    private readonly PictureFit _fit;
    private readonly OnnxReading _reading;
    private readonly Mat _fitted;
    private readonly Mat _channel;
    private readonly Mat[] _planes;
    private readonly float[] _input;
    private readonly float[]? _output;
    private readonly OrtValue _inputValue;
    private readonly OrtValue? _outputValue;
    private readonly RunOptions _run = new();
    private readonly InferencePlace _place;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly OrtValue[] _inputs;
    private readonly OrtValue[]? _outputs;
    private readonly (float Scale, float Offset)[] _channels;
    private readonly (int Width, int Height) _frame;
    private readonly float _border;

    /// <param name="frameWidth">Width in pixels of the frames that will come.</param>
    /// <param name="frameHeight">Height in pixels of the frames that will come.</param>
    public OnnxDetector(OnnxModel model, int frameWidth, int frameHeight)
        : this(model, frameWidth, frameHeight, model.ClassMap, model.Identity.Scores.Low)
    {
    }

    /// <param name="classes">The model's classes that are read; the others do not compete with them.</param>
    /// <param name="low">Score below which nothing is reported.</param>
    internal OnnxDetector(OnnxModel model, int frameWidth, int frameHeight, IReadOnlyDictionary<int, ClassMeaning> classes, float low)
    {
        _model = model;
        _place = new InferencePlace(model.Threads);
        _frame = (frameWidth, frameHeight);
        var (width, height) = (model.Shape.InputWidth, model.Shape.InputHeight);
        _fit = PictureFit.For(model.Layout, frameWidth, frameHeight, width, height);
        _reading = new OnnxReading(model.Classes, classes, low, _fit, frameWidth, frameHeight);
        _fitted = new Mat(_fit.Height, _fit.Width, MatType.CV_8UC3);
        _channel = new Mat(_fit.Height, _fit.Width, MatType.CV_8UC1);
        _channels = model.Layout == OnnxLayout.NanoDetPlus
            ? [.. NanoDetNormalisation.Select(n => (1 / n.Deviation, -n.Mean / n.Deviation))]
            : [(1f, 0f), (1f, 0f), (1f, 0f)];

        _input = GC.AllocateUninitializedArray<float>(3 * width * height, pinned: true);
        _border = model.Layout == OnnxLayout.YoloX ? 114f : 0f;
        for (var c = 0; c < 3; c++) _input.AsSpan(c * width * height, width * height).Fill((_border * _channels[c].Scale) + _channels[c].Offset);
        _inputValue = OrtValue.CreateTensorValueFromMemory(_input, [1, 3, height, width]);
        _planes = [.. Enumerable.Range(0, 3).Select(Plane)];
        _inputNames = [model.Shape.InputName];
        _outputNames = [model.Shape.OutputName];
        _inputs = [_inputValue];

        // Where the model fixes its output's size the runtime writes into our own buffer, and a frame allocates nothing.
        if (model.Shape.Output.All(size => size > 0))
        {
            _output = GC.AllocateUninitializedArray<float>(model.Shape.Output.Aggregate(1, (a, b) => a * b), pinned: true);
            _outputValue = OrtValue.CreateTensorValueFromMemory(_output, [.. model.Shape.Output.Select(size => (long)size)]);
            _outputs = [_outputValue];
        }
    }

    public DetectorIdentity Identity => _model.Identity;

    /// <exception cref="ArgumentException">The frame has another size than the detector was made for.</exception>
    public void Detect(AnonymizedFrame frame, List<Detection> detections)
    {
        if ((frame.Width, frame.Height) != _frame)
            throw new ArgumentException($"a frame of {frame.Width}x{frame.Height} came, the detector is made for {_frame.Width}x{_frame.Height}", nameof(frame));
        detections.Clear();
        using (var picture = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, frame.Address))
        {
            // Shrinking by more than two drops rows with bilinear sampling: area averaging keeps thin vehicles.
            var way = _fit.ScaleX < 0.5f ? InterpolationFlags.Area : InterpolationFlags.Linear;
            Cv2.Resize(picture, _fitted, new Size(_fit.Width, _fit.Height), 0, 0, way);
        }

        Infer(detections);
    }

    /// <summary>
    /// Looks at a part of a frame, of any size, magnified to the model's whole input. For a detector that was made for frames of its input's
    /// size. The boxes are in pixels of the frame.
    /// </summary>
    internal void Look(AnonymizedFrame frame, Rect part, List<Detection> detections)
    {
        if ((_fit.Width, _fit.Height) != (_model.Shape.InputWidth, _model.Shape.InputHeight))
            throw new InvalidOperationException("only a detector made for frames of its input's size can look at parts");
        detections.Clear();
        var scale = Math.Min((float)_fit.Width / part.Width, (float)_fit.Height / part.Height);
        var size = new Size(Math.Min(_fit.Width, (int)(part.Width * scale)), Math.Min(_fit.Height, (int)(part.Height * scale)));
        using (var picture = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, frame.Address))
        using (var source = new Mat(picture, part))
        using (var target = new Mat(_fitted, new Rect(new Point(0, 0), size)))
        {
            _fitted.SetTo(Scalar.All(_border));
            Cv2.Resize(source, target, size, 0, 0, scale < 0.5f ? InterpolationFlags.Area : InterpolationFlags.Linear);
        }

        Infer(detections);
        for (var d = 0; d < detections.Count; d++)
        {
            var box = detections[d].Box;
            detections[d] = detections[d] with { Box = new((box.X / scale) + part.X, (box.Y / scale) + part.Y, box.Width / scale, box.Height / scale) };
        }
    }

    private void Infer(List<Detection> detections)
    {
        Fill();
        _model.Queue.Enter(_place);
        try
        {
            if (_outputs is not null)
            {
                _model.Session.Run(_run, _inputNames, _inputs, _outputNames, _outputs);
                Read(_output, _model.Shape.Output[1], detections);
            }
            else
            {
                using var outputs = _model.Session.Run(_run, _inputNames, _inputs, _outputNames);
                Read(outputs[0].GetTensorDataAsSpan<float>(), (int)outputs[0].GetTensorTypeAndShape().Shape[1], detections);
            }
        }
        finally
        {
            _model.Queue.Leave(_place);
        }

        OverlapSuppression.Apply(detections, OverlapLimit);
        NestedSuppression.Apply(detections);
    }

    public void Dispose()
    {
        _outputValue?.Dispose();
        _inputValue.Dispose();
        _run.Dispose();
        _place.Dispose();
        foreach (var plane in _planes) plane.Dispose();
        _channel.Dispose();
        _fitted.Dispose();
    }

    private void Read(ReadOnlySpan<float> output, int rows, List<Detection> detections)
    {
        var (width, height) = (_model.Shape.InputWidth, _model.Shape.InputHeight);
        switch (_model.Layout)
        {
            case OnnxLayout.Boxes:
                OnnxOutputs.ReadBoxes(output, rows, _reading, detections);
                break;
            case OnnxLayout.YoloX:
                OnnxOutputs.ReadYoloX(output, width, height, _reading, detections);
                break;
            case OnnxLayout.NanoDetPlus:
                OnnxOutputs.ReadNanoDet(output, width, height, OnnxLayouts.NanoDetStrides(_model.Shape)!, _reading, detections);
                break;
            default:
                throw new InvalidOperationException($"layout {_model.Layout} has no reader");
        }
    }

    private void Fill()
    {
        for (var c = 0; c < _channels.Length; c++)
        {
            Cv2.ExtractChannel(_fitted, _channel, c);
            _channel.ConvertTo(_planes[c], MatType.CV_32FC1, _channels[c].Scale, _channels[c].Offset);
        }
    }

    /// <summary>The picture's place in one colour plane of the input: OpenCV writes there, some times faster than a loop of ours.</summary>
    private Mat Plane(int channel)
    {
        var (width, height) = (_model.Shape.InputWidth, _model.Shape.InputHeight);
        using var whole = Mat.FromPixelData(3 * height, width, MatType.CV_32FC1, Marshal.UnsafeAddrOfPinnedArrayElement(_input, 0));
        return new Mat(whole, new Rect(_fit.Left, (channel * height) + _fit.Top, _fit.Width, _fit.Height));
    }
}
