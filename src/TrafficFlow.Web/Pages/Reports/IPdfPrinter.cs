namespace TrafficFlow.Web.Pages.Reports;

/// <summary>Makes a PDF of a report's HTML.</summary>
public interface IPdfPrinter
{
    /// <exception cref="PdfException">There is nothing that could, or it failed; the message says what to do.</exception>
    Task<byte[]> PrintAsync(string html, CancellationToken cancellation);
}

/// <summary>There is no PDF; the HTML is not concerned.</summary>
public sealed class PdfException(string message, Exception? inner = null) : Exception(message, inner);
