using TrafficFlow.Core.Detection;
using TrafficFlow.Vision.BuiltIn;
using TrafficFlow.Vision.Onnx;
using Xunit;

namespace TrafficFlow.SystemTests.BuiltIn;

public sealed class BuiltInWeightsTests
{
    private static readonly Int8Support s_able = new(HasAvx2: true);

    [Theory]
    [InlineData(BuiltInPrecision.Float32)]
    [InlineData(BuiltInPrecision.Int8)]
    public void The_detector_in_the_box_loads_without_a_file_and_knows_its_classes(BuiltInPrecision precision)
    {
        using var model = OnnxModel.Load(BuiltInWeights.Model("vehicles", precision), cameras: 1);

        Assert.Equal((OnnxLayout.Boxes, 7), (model.Layout, model.Classes));
        Assert.Equal(
            [VehicleClass.PassengerCar, VehicleClass.LightGoods, VehicleClass.HeavyGoods, VehicleClass.Bus, VehicleClass.Motorcycle],
            Enumerable.Range(0, 5).Select(c => model.ClassMap[c].Class));
        Assert.Equal(DetectedKind.Person, model.ClassMap[5].Kind);
        Assert.Equal(DetectedKind.Rider, model.ClassMap[6].Kind);
        Assert.True(model.Identity.KnowsPersons);
        Assert.True(model.TellsVehiclesApart);
    }

    [Fact]
    public void The_two_precisions_are_two_versions()
    {
        using var full = OnnxModel.Load(BuiltInWeights.Model("vehicles", BuiltInPrecision.Float32), cameras: 1);
        using var small = OnnxModel.Load(BuiltInWeights.Model("vehicles", BuiltInPrecision.Int8), cameras: 1);

        Assert.NotEqual(full.Identity.Version, small.Identity.Version);
    }

    [Fact]
    public void A_processor_without_the_instructions_reckons_in_float32_and_it_is_told()
    {
        var weights = new BuiltInWeights(BuiltInPrecision.Int8, new Int8Support(HasAvx2: false));
        using var model = OnnxModel.Load(new OnnxModelSettings("vehicles", "in the box") { Embedded = weights }, cameras: 1);
        using var full = OnnxModel.Load(BuiltInWeights.Model("vehicles", BuiltInPrecision.Float32), cameras: 1);

        Assert.Equal(full.Identity.Version, model.Identity.Version);
        Assert.StartsWith("float32 instead of int8: this processor has no AVX2", model.Identity.Note);
    }

    [Fact]
    public void What_is_as_asked_for_has_no_note()
    {
        Assert.Null(new BuiltInWeights(BuiltInPrecision.Int8, s_able).Note);
        Assert.Null(new BuiltInWeights(BuiltInPrecision.Float32, new Int8Support(HasAvx2: false)).Note);
    }

    [Fact]
    public void Damaged_weights_are_refused_with_what_was_expected_and_found()
    {
        var bytes = new BuiltInWeights(BuiltInPrecision.Int8, s_able).Read();
        var sums = $"{new string('0', 64)}  other.onnx\n{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))}  w.onnx\n";
        Assert.Same(bytes, BuiltInWeights.Checked(bytes, "w.onnx", sums));

        bytes[bytes.Length / 2] ^= 1;
        var refused = Assert.Throws<DetectorException>(() => BuiltInWeights.Checked(bytes, "w.onnx", sums));

        Assert.Contains("damaged, or of another version than this program: expected w.onnx with SHA-256", refused.Message);
        Assert.Contains($"found {bytes.Length} bytes with", refused.Message);
    }

    [Fact]
    public void Weights_that_no_sum_is_known_of_are_refused() =>
        Assert.Contains("(not listed)", Assert.Throws<DetectorException>(() => BuiltInWeights.Checked([1, 2, 3], "w.onnx", "")).Message);

    [Fact]
    public void A_file_with_another_sum_than_the_settings_name_is_refused()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("weights-").FullName, "w.onnx");
        var bytes = new BuiltInWeights(BuiltInPrecision.Int8, s_able).Read();
        File.WriteAllBytes(file, bytes);
        var sum = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        var settings = new OnnxModelSettings("street", file) { Sha256 = sum };
        using (var model = OnnxModel.Load(settings, cameras: 1)) Assert.Equal(sum[..12], model.Identity.Version);

        File.WriteAllBytes(file, bytes[..^1000]);
        var refused = Assert.Throws<DetectorException>(() => OnnxModel.Load(settings, cameras: 1));

        Assert.Contains($"{file}: the model is damaged or of another version (detector street): expected SHA-256 {sum}", refused.Message);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }
}
