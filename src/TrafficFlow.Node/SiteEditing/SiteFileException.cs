namespace TrafficFlow.Node.SiteEditing;

/// <summary>A site file is written in a way that the editor cannot change without touching what nobody asked it to.</summary>
internal sealed class SiteFileException(string message) : Exception(message)
{
    public const string Remedy = "change the file itself, and let ctl site reload read it";
}
