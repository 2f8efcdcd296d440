using OpenCvSharp;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vision.Onnx;

namespace TrafficFlow.Vision.Classifying;

/// <summary>
/// A detector whose finds a second model, that knows more classes, looks at: magnified, a few times in a vehicle's life, and never more than
/// <see cref="LooksPerSecond"/> times a second; twice as often while a rider moves. It also looks at whom the first model calls a person or a bicycle, for motorcycles.
/// </summary>
public class ClassifierStage : IVehicleDetector
{
    public const double LooksPerSecond = 2;

    private const double ForgetSeconds = 0.7;

    /// <summary>Overlap from which a find is the same as in the picture before, and a second model's box is the first model's.</summary>
    private const float Same = 0.3f;
    private const float SameInLook = 0.4f;

    /// <summary>So many that were never looked at are looked at together, in the whole picture.</summary>
    private const int Crowd = 3;
    private const float LeastShareOfPart = 0.16f;
    private const float LeastShareOfWhole = 0.07f;

    /// <summary>Score from which a two-wheeler's class is heard.</summary>
    private const float FaintRider = 0.15f;

    /// <summary>Height of what is looked at, in heights of the find: models are used to vehicles that fill a third of their picture.</summary>
    private static readonly float[] s_surroundings = [3f, 2.3f, 3.6f, 2.6f];

    private readonly IVehicleDetector _inner;
    private readonly OnnxDetector _vehicles;
    private readonly OnnxDetector _riders;
    private readonly ClassifierReading _reading;
    private readonly (int Width, int Height) _input;
    private readonly FrameFormat _format;
    private readonly List<ClassifierSubject> _subjects = [];
    private readonly List<Detection> _found = [];
    private DateTimeOffset? _origin;
    private double _lastLook = double.MinValue;
    private double _time;

    /// <param name="classifier">A model with the classes of COCO, or a map of its own; shared, not disposed of.</param>
    public ClassifierStage(IVehicleDetector inner, OnnxModel classifier, FrameFormat format)
    {
        _inner = inner;
        _format = format;
        _input = (classifier.Shape.InputWidth, classifier.Shape.InputHeight);
        // A motorcycle's faint score must not lose against its rider's or a lorry's behind it: each kind is read by itself.
        _vehicles = Reading(classifier, m => m.Kind == DetectedKind.Vehicle, classifier.Identity.Scores.Low);
        _riders = Reading(classifier, m => m.Kind is DetectedKind.Other or DetectedKind.Rider || m.Class == VehicleClass.Motorcycle, FaintRider);
        _reading = new ClassifierReading(SameInLook);
        Identity = inner.Identity with { Version = $"{inner.Identity.Version}+{classifier.Identity.Version}" };
    }

    public DetectorIdentity Identity { get; }

    /// <summary>As <paramref name="inner"/>, with the classifier behind it; learns a background where that does.</summary>
    public static IVehicleDetector Around(IVehicleDetector inner, OnnxModel classifier, FrameFormat format) => inner is ILearnsBackground learner
        ? new LearningClassifierStage(inner, learner, classifier, format)
        : new ClassifierStage(inner, classifier, format);

    public void Detect(AnonymizedFrame frame, List<Detection> detections)
    {
        _inner.Detect(frame, detections);
        _origin ??= frame.EventTime;
        var time = (frame.EventTime - _origin.Value).TotalSeconds;
        // The source's clock was set: what was known has no age any more.
        if (time < _time) Forget();
        _time = time;
        Riders.Name(detections, Identity.Scores);
        Follow(detections);
        var rested = time - _lastLook;
        if (rested < 0.5 / LooksPerSecond || Choose() is not { } subject) return;
        if (subject.Kind == DetectedKind.Vehicle && rested < 1 / LooksPerSecond) return;
        _lastLook = time;
        Classify(frame, subject, detections);
    }

    public void Dispose()
    {
        _inner.Dispose();
        _vehicles.Dispose();
        _riders.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Forget()
    {
        _subjects.Clear();
        _lastLook = double.MinValue;
    }

    private void Follow(List<Detection> detections)
    {
        for (var s = _subjects.Count - 1; s >= 0; s--)
        {
            if (_time - _subjects[s].SeenAt > ForgetSeconds) _subjects.RemoveAt(s);
        }

        for (var d = 0; d < detections.Count; d++)
        {
            var detection = detections[d];
            if (detection.Kind is not (DetectedKind.Vehicle or DetectedKind.Rider)) continue;
            // The first model's classes give way to the second's.
            detections[d] = detection with { Class = VehicleClass.Unclassified, Scores = default };
            if (Nearest(detection) is { } subject) subject.See(detection.Box, _time);
            else if (IsSure(detection)) _subjects.Add(new ClassifierSubject(detection.Box, detection.Kind, _time));
        }
    }

    private ClassifierSubject? Nearest(in Detection detection)
    {
        ClassifierSubject? nearest = null;
        var best = Same;
        foreach (var subject in _subjects)
        {
            var overlap = subject.Box.IntersectionOverUnion(detection.Box);
            if (subject.Kind == detection.Kind && overlap > best) (nearest, best) = (subject, overlap);
        }

        return nearest;
    }

    private bool IsSure(in Detection detection) =>
        detection.Score >= (detection.Kind == DetectedKind.Vehicle ? Identity.Scores.High : Identity.Scores.High / 2);

    private ClassifierSubject? Choose()
    {
        const float LeastShareOfHeight = 0.03f;
        ClassifierSubject? chosen = null;
        var best = 0.0;
        foreach (var subject in _subjects)
        {
            if (subject.SeenAt < _time) continue;
            var worth = subject.Worth(_time, Math.Max(10, LeastShareOfHeight * _format.Height));
            if (worth > best) (chosen, best) = (subject, worth);
        }

        return chosen;
    }

    private void Classify(AnonymizedFrame frame, ClassifierSubject subject, List<Detection> detections)
    {
        var isWhole = subject.Kind == DetectedKind.Vehicle && Waiting() >= Crowd;
        var part = isWhole ? new Rect(0, 0, _format.Width, _format.Height) : Around(subject.Box, s_surroundings[subject.Looks % s_surroundings.Length]);
        var least = isWhole ? LeastShareOfWhole : LeastShareOfPart;
        var isRider = subject.Kind == DetectedKind.Rider;
        (isRider ? _riders : _vehicles).DetectIn(frame, part, _found);
        foreach (var other in _subjects)
        {
            // What is wholly in the magnified part, and not tiny there, was looked at too.
            if (other == subject || (other.Kind == subject.Kind && other.SeenAt >= _time && IsWithin(other.Box, part, least))) other.Looked(_time);
        }

        for (var d = 0; d < detections.Count; d++)
        {
            var detection = detections[d];
            if (detection.Kind != subject.Kind) continue;
            if (detection.Box != subject.Box && !IsWithin(detection.Box, part, least)) continue;
            detections[d] = detection with { Look = _reading.Of(detection, _found) };
        }
    }

    private OnnxDetector Reading(OnnxModel model, Func<ClassMeaning, bool> which, float low) => new(
        model, _input.Width, _input.Height, model.ClassMap.Where(c => which(c.Value)).ToDictionary(c => c.Key, c => c.Value), low);

    private Rect Around(in Box box, float surroundings)
    {
        var aspect = (float)_input.Width / _input.Height;
        var height = Math.Max(box.Height, box.Width / aspect) * surroundings;
        var (w, h) = (Math.Clamp((int)(height * aspect), 16, _format.Width), Math.Clamp((int)height, 16, _format.Height));
        return new Rect(
            (int)Math.Clamp(box.CenterX - (w / 2f), 0, _format.Width - w), (int)Math.Clamp(box.CenterY - (h / 2f), 0, _format.Height - h), w, h);
    }

    private int Waiting()
    {
        var count = 0;
        foreach (var subject in _subjects)
        {
            if (subject is { Kind: DetectedKind.Vehicle, Looks: 0 } && subject.SeenAt >= _time && subject.Box.Height >= LeastShareOfWhole * _format.Height) count++;
        }

        return count;
    }

    /// <param name="least">Share of the part's width or height below which a find is tiny there.</param>
    private static bool IsWithin(in Box box, Rect part, float least)
    {
        return box.X >= part.Left && box.Y >= part.Top && box.Right <= part.Right && box.Bottom <= part.Bottom
            && Math.Max(box.Width / part.Width, box.Height / part.Height) >= least;
    }

    private sealed class LearningClassifierStage(IVehicleDetector inner, ILearnsBackground learner, OnnxModel classifier, FrameFormat format)
        : ClassifierStage(inner, classifier, format), ILearnsBackground
    {
        public void Learn(AnonymizedFrame frame, double seconds) => learner.Learn(frame, seconds);
    }
}
