namespace TrafficFlow.Vision.Onnx.Recognition;

/// <summary>A model that came with the program instead of in a file.</summary>
public interface IEmbeddedModel
{
    /// <summary>What was done otherwise than the settings ask, and why; null where nothing was.</summary>
    string? Note { get; }

    /// <summary>The bytes of an .onnx file, checked.</summary>
    /// <exception cref="Core.Detection.DetectorException">They are damaged, or of another version than the program.</exception>
    byte[] Read();
}
