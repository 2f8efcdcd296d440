using System.Globalization;
using System.Text;
using QRCoder;

namespace TrafficFlow.Web.Pages.Accounts;

/// <summary>A QR code as one path of an SVG, which needs no style of its own.</summary>
internal sealed record QrPicture(int Size, string Path)
{
    public string ViewBox => string.Create(CultureInfo.InvariantCulture, $"0 0 {Size} {Size}");

    /// <returns>Null where the text is too long for one.</returns>
    public static QrPicture? Of(string text)
    {
        try
        {
            // With its quiet zone of four modules.
            using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
            var rows = code.ModuleMatrix;
            var path = new StringBuilder();
            for (var y = 0; y < rows.Count; y++)
            {
                for (var x = 0; x < rows[y].Count; x++)
                {
                    if (rows[y][x]) path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
                }
            }

            return new QrPicture(rows.Count, path.ToString());
        }
        catch (QRCoder.Exceptions.DataTooLongException)
        {
            return null;
        }
    }
}
