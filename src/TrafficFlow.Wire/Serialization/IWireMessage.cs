namespace TrafficFlow.Wire.Serialization;

/// <summary>
/// Marks what may leave the process or be written to the journal. Each such type has a line in <see cref="WireManifest"/>; a message
/// without this mark has no wire form, and nothing that holds a frame ever gets it.
/// </summary>
public interface IWireMessage;
