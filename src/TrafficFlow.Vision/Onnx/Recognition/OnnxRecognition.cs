using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TrafficFlow.Core.Detection;

namespace TrafficFlow.Vision.Onnx.Recognition;

/// <summary>Finds out what a loaded file is: size of its picture, layout, and which tensors are fed and read.</summary>
internal static class OnnxRecognition
{
    /// <summary>Side of the picture where neither the settings nor the file tell one: what most detectors were trained with.</summary>
    private const int UsualSide = 640;

    /// <exception cref="DetectorException">It is none of the layouts that we can read, or not the one that the settings name.</exception>
    public static (OnnxLayout Layout, OnnxShape Shape, OnnxMetadata Metadata) Of(InferenceSession session, OnnxModelSettings settings)
    {
        var model = OnnxSignature.Of(session);
        if (OnnxRefusals.OfInputs(model) is { } why) throw Refused(settings, model, why);
        model = Observed(session, settings, Sized(settings, model));
        if (settings.Layout is { } named)
        {
            return (named, OnnxLayouts.Fit(named, model) ?? throw new DetectorException(
                $"{settings.Path}: the model does not have the layout that the settings name (detector {settings.Name}): "
                + $"expected {named.Name()}, {named.Form()}; found {model}"), model.Metadata);
        }

        if (OnnxLayouts.Recognise(model) is not { } layout) throw Refused(settings, model, OnnxRefusals.OfOutputs(model));
        return (layout, OnnxLayouts.Fit(layout, model)!, model.Metadata);
    }

    /// <summary>The layouts, other than the one that was taken, that the model could have by its shape.</summary>
    public static IEnumerable<(OnnxLayout Layout, OnnxShape Shape)> Others(OnnxModel model)
    {
        var signature = Observed(model.Session, model.Settings, Sized(model.Settings, OnnxSignature.Of(model.Session)));
        foreach (var layout in OnnxLayoutNames.All.Values)
            if (layout != model.Layout && OnnxLayouts.Fit(layout, signature) is { } shape) yield return (layout, shape);
    }

    private static DetectorException Refused(OnnxModelSettings settings, OnnxSignature model, string why) => new(
        $"{settings.Path}: this model cannot be read (detector {settings.Name}): {why}.\n  found {model}\n  expected {OnnxLayoutNames.Known}");

    /// <summary>The same with a picture of one certain size: the file's, where it fixes one, else the settings', the exporter's or the usual one.</summary>
    private static OnnxSignature Sized(OnnxModelSettings settings, OnnxSignature model)
    {
        if (model.Picture is not { Size: [_, 3, var height, var width] } picture) return model;
        var chosen = settings.Input ?? model.Metadata.PictureSize ?? (UsualSide, UsualSide);
        if (settings.Input is { } asked && ((width > 0 && width != asked.Width) || (height > 0 && height != asked.Height)))
        {
            throw new DetectorException(
                $"{settings.Path}: the settings ask for a picture of {asked.Width}x{asked.Height} (detector {settings.Name}), but the file fixes "
                + $"{(width > 0 ? width : "any")}x{(height > 0 ? height : "any")}: remove trafficflow.detectors.{settings.Name}.input, or export the model with "
                + $"imgsz={asked.Height},{asked.Width} or dynamic=True");
        }

        OnnxTensor sized = picture with { Size = [1, 3, height > 0 ? height : chosen.Height, width > 0 ? width : chosen.Width] };
        return model with { Inputs = [.. model.Inputs.Select(i => i == picture ? sized : i)] };
    }

    /// <summary>The same with all sizes of the outputs: those that the file leaves open are taken from an answer to an empty picture.</summary>
    private static OnnxSignature Observed(InferenceSession session, OnnxModelSettings settings, OnnxSignature model)
    {
        if (model.Outputs.All(o => o.IsFixed) || model.Picture is not { } picture || model.Inputs.Any(i => i != picture && !i.IsWhole)) return model;
        long[] size = [.. picture.Size.Select(s => (long)s)];
        var pixels = picture.Size.Aggregate(1, (a, b) => a * b);
        var inputs = model.Inputs.ToDictionary(i => i.Name, i => i switch
        {
            { Type: TensorElementType.Float } => OrtValue.CreateTensorValueFromMemory(new float[pixels], size),
            { Type: TensorElementType.Float16 } => OrtValue.CreateTensorValueFromMemory(new Float16[pixels], size),
            { Type: TensorElementType.Int32 } => OrtValue.CreateTensorValueFromMemory(new[] { picture.Size[3], picture.Size[2] }, [1, 2]),
            _ => OrtValue.CreateTensorValueFromMemory(new long[] { picture.Size[3], picture.Size[2] }, [1, 2]),
        });
        try
        {
            using var run = new RunOptions();
            using var answers = session.Run(run, inputs, [.. model.Outputs.Select(o => o.Name)]);
            return model with { Outputs = [.. model.Outputs.Zip(answers, Seen)] };
        }
        catch (OnnxRuntimeException e)
        {
            throw new DetectorException(
                $"{settings.Path}: the model cannot be computed for a picture of {picture.Size[3]}x{picture.Size[2]} (detector {settings.Name}): {e.Message}\n"
                + $"  set trafficflow.detectors.{settings.Name}.input {{ width = …, height = … }} to the size it was trained with",
                e);
        }
        finally
        {
            foreach (var input in inputs.Values) input.Dispose();
        }
    }

    private static OnnxTensor Seen(OnnxTensor output, OrtValue answer) => output.IsFixed || !answer.IsTensor
        ? output
        : output with { Size = [.. answer.GetTensorTypeAndShape().Shape.Select(s => (int)s)], IsObserved = true };
}
