using System.Runtime.CompilerServices;

namespace Denoise.Structure.TemplateMatching;

/// <summary>
/// The rotation and scale that take points p_k best onto a template t_k. With A = sum p_k t_k^T and the largest eigenvalue λ of the
/// quaternion matrix of A, the scale is λ / sum |p - mean|^2, and the root mean square deviation follows without the rotation:
/// <code>
/// rmsd^2 = (sum |t|^2 - λ^2 / sum |p - mean|^2) / N         N: neighbors and the atom
/// 0 = λ^4 - 2 S λ^2 - 8 det(A) λ + S^2 - 4 Q                 S, Q: sums of squares of A and of its cofactors
/// </code>
/// λ is found by Newton's method from above (Theobald, doi:10.1107/S0108767305015266; Horn, doi:10.1364/JOSAA.4.000629).
/// </summary>
internal struct TemplateFit
{
    private const int MostSteps = 50;

    /// <summary>A, row by row: position times template.</summary>
    public double Xx, Xy, Xz, Yx, Yy, Yz, Zx, Zy, Zz;

    /// <summary>λ.</summary>
    public double Overlap;

    private double SquareSum => Xx * Xx + Xy * Xy + Xz * Xz + Yx * Yx + Yy * Yy + Yz * Yz + Zx * Zx + Zy * Zy + Zz * Zz;

    /// <summary>Finds λ.</summary>
    /// <param name="least">below this it is of no interest</param>
    /// <returns>false: it is not larger than that, and <see cref="Overlap"/> was not set</returns>
    public bool Solve(double least)
    {
        double s = SquareSum, upper = Math.Sqrt(3 * s);
        if (!(upper > least))
            return false;
        double cxx = Yy * Zz - Yz * Zy, cxy = Yz * Zx - Yx * Zz, cxz = Yx * Zy - Yy * Zx;
        double cyx = Xz * Zy - Xy * Zz, cyy = Xx * Zz - Xz * Zx, cyz = Xy * Zx - Xx * Zy;
        double czx = Xy * Yz - Xz * Yy, czy = Xz * Yx - Xx * Yz, czz = Xx * Yy - Xy * Yx;
        double q = cxx * cxx + cxy * cxy + cxz * cxz + cyx * cyx + cyy * cyy + cyz * cyz + czx * czx + czy * czy + czz * czz;
        double linear = -8 * (Xx * cxx + Xy * cxy + Xz * cxz), square = -2 * s, constant = s * s - 4 * q;
        double root = upper;
        for (int step = 0; step < MostSteps; step++)
        {
            double squared = root * root, b = squared + square, a = b * root;
            double value = (a + linear) * root + constant, slope = 2 * squared * root + 2 * a + linear;
            double next = root - value / slope;
            if (!(next < root * (1 - 1e-15)))
                break;
            root = next;
            if (root <= least)
                return false;
        }

        Overlap = root;
        return true;
    }

    /// <summary>The rotation from the template to the points: the eigenvector, from the cofactors of the matrix less λ.</summary>
    [SkipLocalsInit]
    public readonly unsafe Rotation Rotation()
    {
        double* m = stackalloc double[16];
        m[0] = Xx + Yy + Zz - Overlap;
        m[5] = Xx - Yy - Zz - Overlap;
        m[10] = -Xx + Yy - Zz - Overlap;
        m[15] = -Xx - Yy + Zz - Overlap;
        m[1] = m[4] = Zy - Yz;
        m[2] = m[8] = Xz - Zx;
        m[3] = m[12] = Yx - Xy;
        m[6] = m[9] = Yx + Xy;
        m[7] = m[13] = Xz + Zx;
        m[11] = m[14] = Zy + Yz;

        int best = 0;
        double most = -1;
        for (int k = 0; k < 4; k++)
        {
            double size = Math.Abs(Cofactor(m, k, k));
            if (size > most)
                (most, best) = (size, k);
        }

        double w = Cofactor(m, best, 0), x = Cofactor(m, best, 1), y = Cofactor(m, best, 2), z = Cofactor(m, best, 3);
        double norm = Math.Sqrt(w * w + x * x + y * y + z * z);
        return norm > 0 ? new(w / norm, x / norm, y / norm, z / norm) : TemplateMatching.Rotation.None;
    }

    private static unsafe double Cofactor(double* m, int row, int column)
    {
        int r0 = row == 0 ? 4 : 0, r1 = row <= 1 ? 8 : 4, r2 = row <= 2 ? 12 : 8;
        int c0 = column == 0 ? 1 : 0, c1 = column <= 1 ? 2 : 1, c2 = column <= 2 ? 3 : 2;
        double minor = m[r0 + c0] * (m[r1 + c1] * m[r2 + c2] - m[r1 + c2] * m[r2 + c1])
            - m[r0 + c1] * (m[r1 + c0] * m[r2 + c2] - m[r1 + c2] * m[r2 + c0])
            + m[r0 + c2] * (m[r1 + c0] * m[r2 + c1] - m[r1 + c1] * m[r2 + c0]);
        return ((row + column) & 1) == 0 ? minor : -minor;
    }
}
