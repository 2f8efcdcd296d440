namespace TrafficFlow.Web.Formats.Datex;

/// <summary>Who publishes.</summary>
/// <param name="Country">ISO 3166-1 alpha-2, in small letters as DATEX II has it.</param>
/// <param name="NationalIdentifier">Names the publisher within the country.</param>
/// <param name="Language">Of names, ISO 639-1.</param>
public sealed record DatexPublisher(string Country, string NationalIdentifier, string Language)
{
    /// <summary>For who may use it: DATEX II's confidentiality.</summary>
    public bool IsPublic { get; init; } = true;
}
