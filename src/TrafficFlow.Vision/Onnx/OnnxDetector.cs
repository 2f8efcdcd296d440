using OpenCvSharp;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;

namespace TrafficFlow.Vision.Onnx;

/// <summary>One camera's use of a model: its own input and output buffers, made once; the model itself is shared.</summary>
public sealed class OnnxDetector : IVehicleDetector
{
    private const float OverlapLimit = 0.55f;

    private readonly OnnxModel _model;
    private readonly OnnxInput _input;
    private readonly OnnxAnswer _answer;
    private readonly OnnxReading _reading;
    private readonly InferencePlace _place;
    private readonly (int Width, int Height) _frame;

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
        _input = new OnnxInput(model.Layout, model.Shape, frameWidth, frameHeight);
        _answer = new OnnxAnswer(model.Shape);
        _reading = new OnnxReading(model.Classes, classes, low, _input.Fit, frameWidth, frameHeight);
    }

    public DetectorIdentity Identity => _model.Identity;

    /// <exception cref="ArgumentException">The frame has another size than the detector was made for.</exception>
    public void Detect(AnonymizedFrame frame, List<Detection> detections)
    {
        if ((frame.Width, frame.Height) != _frame)
            throw new ArgumentException($"a frame of {frame.Width}x{frame.Height} came, the detector is made for {_frame.Width}x{_frame.Height}", nameof(frame));
        detections.Clear();
        _input.Fill(frame);
        Infer(detections);
    }

    /// <summary>
    /// Looks at a part of a frame, of any size, magnified to the model's whole input. For a detector that was made for frames of its input's
    /// size. The boxes are in pixels of the frame.
    /// </summary>
    internal void DetectIn(AnonymizedFrame frame, Rect part, List<Detection> detections)
    {
        detections.Clear();
        var scale = _input.Fill(frame, part);
        Infer(detections);
        for (var d = 0; d < detections.Count; d++)
        {
            var box = detections[d].Box;
            detections[d] = detections[d] with { Box = new((box.X / scale) + part.X, (box.Y / scale) + part.Y, box.Width / scale, box.Height / scale) };
        }
    }

    public void Dispose()
    {
        _answer.Dispose();
        _place.Dispose();
        _input.Dispose();
    }

    private void Infer(List<Detection> detections)
    {
        _model.Queue.Enter(_place);
        try
        {
            _answer.Run(_model, _input);
            OnnxOutputs.Read(_model.Layout, _model.Shape, _answer, _reading, detections);
        }
        finally
        {
            _model.Queue.Leave(_place);
        }

        NonMaximumSuppression.Apply(detections, OverlapLimit);
        NestedSuppression.Apply(detections);
    }
}
