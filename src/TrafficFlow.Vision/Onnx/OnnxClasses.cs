using TrafficFlow.Core.Detection;
using TrafficFlow.Vision.Onnx.Recognition;

namespace TrafficFlow.Vision.Onnx;

/// <summary>What a model's class numbers mean: by the settings, else by the names in its file, else as its layout's best-known models have them.</summary>
internal static class OnnxClasses
{
    private const int CocoClasses = 80;

    /// <returns>How many classes there are, those that mean something to us, and whether COCO's are only supposed.</returns>
    /// <exception cref="DetectorException">Nobody says what they mean, none is a vehicle, or one is mapped that there is not.</exception>
    public static (int Classes, IReadOnlyDictionary<int, ClassMeaning> Map, bool AreGuessed) Of(
        OnnxModelSettings settings, OnnxLayout layout, OnnxShape shape, OnnxMetadata metadata)
    {
        var setting = $"trafficflow.detectors.{settings.Name}.classes";
        var known = OnnxLayouts.Classes(layout, shape);
        if (known is { } written && metadata.Names is { } listed && settings.Classes is null && listed.Count != written)
        {
            throw new DetectorException(
                $"{settings.Path}: the file names {listed.Count} classes, but read as {layout.Name()} its rows have {written} (detector {settings.Name}): "
                + $"it has another layout or task; correct trafficflow.detectors.{settings.Name}.layout, or write {setting}");
        }

        var classes = known ?? Math.Max(metadata.Names?.Keys.Max() + 1 ?? CocoClasses, settings.Classes?.Keys.DefaultIfEmpty(0).Max() + 1 ?? 0);
        if (settings.Classes is { } chosen) return (classes, chosen, false);
        if (metadata.Names is { } names)
        {
            var map = ClassNames.Map(names);
            if (map.Values.Any(m => m.Kind == DetectedKind.Vehicle)) return (classes, map, false);
            throw new DetectorException(
                $"{settings.Path}: none of the model's classes is known as a vehicle (detector {settings.Name}): expected car, van, truck, bus or motorcycle; "
                + $"found {string.Join(", ", names.OrderBy(n => n.Key).Take(20).Select(n => $"{n.Key} = {n.Value}"))}: take another model, or write {setting}, "
                + "for example { \"0\" = passenger-car }");
        }

        return (classes, OnnxDefaults.ClassMap(layout, classes) ?? throw new DetectorException(
            $"{settings.Path}: the model knows {classes} classes and there is no default map for that: write {setting}, for example "
            + $"{{ \"0\" = passenger-car }}{(layout == OnnxLayout.YoloV8 && classes == 52 ? " (56 numbers a box are those of a pose model: export one for detection)" : "")}"),
            known is null);
    }
}
