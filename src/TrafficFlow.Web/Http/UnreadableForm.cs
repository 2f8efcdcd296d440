namespace TrafficFlow.Web.Http;

/// <summary>What reading a form throws where it is none.</summary>
internal static class UnreadableForm
{
    /// <summary>Bodies that end early, boundaries that are none, encodings that there are not.</summary>
    public static bool Is(Exception e) => e is InvalidDataException or IOException or NotSupportedException;
}
