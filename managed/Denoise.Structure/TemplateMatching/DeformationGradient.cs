using Denoise.Atoms;

namespace Denoise.Structure.TemplateMatching;

/// <summary>
/// The linear map F that takes a template, in the axes of the reduced orientation, to the scaled atoms with the least squares:
/// F = s A M^-1 with A = sum p t^T and M = sum t t^T. Without strain F is the rotation of the orientation.
/// </summary>
internal static unsafe class DeformationGradient
{
    // Of every template, by its index: M^-1, row by row; nought along the normal of a plane.
    private static readonly double[][] Inverses = [.. StructureTemplate.All.Select(template => Inverse(template))];

    /// <summary>Computes F.</summary>
    /// <param name="template">that was matched</param>
    /// <param name="fit">A</param>
    /// <param name="scale">s</param>
    /// <param name="orientation">reduced</param>
    /// <param name="chosen">by which the matched orientation was multiplied to reduce it</param>
    /// <param name="gradient">[9] receives F, row by row</param>
    public static void Of(
        StructureTemplate template, in TemplateFit fit, double scale, Rotation orientation, Rotation chosen, double* gradient)
    {
        double[] inverse = Inverses[template.Type - 1];
        for (int row = 0; row < 3; row++)
        {
            Vec3 a = row switch
            {
                0 => new(fit.Xx, fit.Xy, fit.Xz),
                1 => new(fit.Yx, fit.Yy, fit.Yz),
                _ => new Vec3(fit.Zx, fit.Zy, fit.Zz),
            };
            // Rows of F, turned into the reduced axes: F R(chosen).
            Vec3 f = new Vec3(
                a.X * inverse[0] + a.Y * inverse[3] + a.Z * inverse[6],
                a.X * inverse[1] + a.Y * inverse[4] + a.Z * inverse[7],
                a.X * inverse[2] + a.Y * inverse[5] + a.Z * inverse[8]) * scale;
            f = chosen.Inverse.Apply(f);
            (gradient[3 * row], gradient[3 * row + 1], gradient[3 * row + 2]) = (f.X, f.Y, f.Z);
        }

        if (template.Type != StructureTemplate.Graphene)
            return;
        // A plane tells nothing about its normal: it is turned and not strained.
        Vec3 normal = orientation.Apply(new(0, 0, 1));
        (gradient[2], gradient[5], gradient[8]) = (gradient[2] + normal.X, gradient[5] + normal.Y, gradient[8] + normal.Z);
    }

    private static double[] Inverse(StructureTemplate template)
    {
        double[,] m = new double[3, 3];
        foreach (Vec3 r in template.Neighbors)
            for (int i = 0; i < 3; i++)
                for (int j = 0; j < 3; j++)
                    m[i, j] += r[i] * r[j];
        // The axes of every template are its principal ones.
        return [.. Enumerable.Range(0, 9).Select(k => k % 4 == 0 && m[k / 3, k / 3] > 1e-9 ? 1 / m[k / 3, k / 3] : 0)];
    }
}
